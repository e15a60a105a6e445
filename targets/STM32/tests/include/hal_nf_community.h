/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

/* As much of nanoFramework's flash driver for STM32 as the port uses, for the host. */
#ifndef FAKE_HAL_NF_COMMUNITY_H
#define FAKE_HAL_NF_COMMUNITY_H

/* As the real one: empty, for good, unless ChibiOS's hal.h came first and has told which drivers there are. */
#ifdef HAL_NF_USE_STM32_FLASH

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

void stm32FlashReadBytes(uint32_t startAddress, uint32_t length, uint8_t *buffer);
int stm32FlashWrite(uint32_t startAddress, uint32_t length, const uint8_t *buffer);
int stm32FlashErase(uint32_t address);

#ifdef __cplusplus
}
#endif

#endif
#endif
