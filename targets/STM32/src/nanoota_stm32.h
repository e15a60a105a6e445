/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#ifndef NANOOTA_STM32_H
#define NANOOTA_STM32_H

#include <ch.h>
#include <hal.h>
#include <nanoPAL_BlockStorage.h>

#include "nanoota_slots.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The layout stm32f769-2mb (docs/stm32.md): each place ends where the next begins. */
#define NOTA_STM32_BOOTER 0x08000000U   /* nanoBooter */
#define NOTA_STM32_CONFIG 0x08008000U   /* nanoFramework's configuration block */
#define NOTA_STM32_RECORD 0x08010000U   /* the slot record, two sectors */
#define NOTA_STM32_FIRMWARE 0x08020000U /* nanoCLR */
#define NOTA_STM32_DEPLOY_0 0x080C0000U
#define NOTA_STM32_DEPLOY_1 0x08140000U
#define NOTA_STM32_JOURNAL 0x081C0000U
#define NOTA_STM32_END 0x08200000U

/* The sectors of an F769 in single-bank mode: four small ones, one of a middle size, seven large ones. */
#define NOTA_STM32_MIDDLE 0x08020000U
#define NOTA_STM32_LARGE 0x08040000U
#define NOTA_STM32_SMALL_SECTOR 0x8000U
#define NOTA_STM32_MIDDLE_SECTOR 0x20000U
#define NOTA_STM32_LARGE_SECTOR 0x40000U

/* How many bytes managed code may read of the firmware: version and table of natives, where ESP-IDF has them (docs/images.md). */
#define NOTA_STM32_HEAD_LENGTH 776U

/* All that the port keeps; a reset clears it. */
typedef struct {
    nota_slots slots;
    bool booted;                   /* whether the hook has run */
    bool ready;                    /* whether slots may be used */
    bool fed;                      /* whether the CLR feeds the watchdog through us */
    const DeviceBlockInfo *blocks; /* the block map with the deployment that was chosen */
    systimestamp_t deadline;       /* of a trial; 0: none */
    mutex_t lock;
} nota_stm32;

extern nota_stm32 g_nota_stm32;

/* nanoFramework's block map with each of the two deployments. The board's own variable begins with the first. */
extern const DeviceBlockInfo nota_stm32_blocks[2];
extern struct MEMORY_MAPPED_NOR_BLOCK_CONFIG Device_BlockStorageConfig;

/* Version and table of natives; written by CMake. */
extern const void *const nanoota_head;

/* Before the CLR looks for its deployment, once each reset: runs the core's hook and sets the deadline. */
void nota_stm32_boot(void);

/* Where everything lies. */
extern const nota_map nota_stm32_layout;

/* The chip's flash behind the core's vtable; offsets are addresses. Of the firmware it reads the head that is given. */
nota_flash nota_stm32_flash(const void *head);

/* The driver's erase itself, past the wrap: nanoCLR's and nanoBooter's are not the same. */
bool nota_stm32_erase(uint32_t address);

/* Resets the device after so many seconds, whatever the CLR does; 0: not any more. */
void nota_stm32_watchdog(uint32_t seconds);

#ifdef __cplusplus
}
#endif

#endif
