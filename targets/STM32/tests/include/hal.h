/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

/* As much of ChibiOS's HAL and of CMSIS for an STM32F769 as the port uses, for the host. */
#ifndef FAKE_HAL_H
#define FAKE_HAL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FALSE 0
#define TRUE 1
#define HAL_USE_WDG TRUE
#define HAL_NF_USE_STM32_FLASH TRUE

#define RCC_CSR_RMVF (1U << 24)
#define RCC_CSR_PINRSTF (1U << 26)
#define RCC_CSR_PORRSTF (1U << 27)
#define RCC_CSR_SFTRSTF (1U << 28)
#define RCC_CSR_IWDGRSTF (1U << 29)
#define RCC_CSR_WWDGRSTF (1U << 30)
#define FLASH_OPTCR_nDBANK (1U << 29)

typedef struct {
    volatile uint32_t CSR;
} FakeRcc;

typedef struct {
    volatile uint32_t OPTCR;
} FakeFlashRegisters;

extern FakeRcc fake_rcc;
extern FakeFlashRegisters fake_flash_registers;

#define RCC (&fake_rcc)
#define FLASH (&fake_flash_registers)

void SCB_InvalidateDCache_by_Addr(uint32_t *address, int32_t size);

#ifdef __cplusplus
}
#endif

#endif
