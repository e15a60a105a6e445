/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "nanoota_stm32.h"

/* Behind hal.h, or it declares nothing. */
#include <hal_nf_community.h>

/*
 * nanoBooter's part, by two wraps of its own. It chooses no slot: a debugger that finds it running deploys into deploy_0, whatever was
 * active. So before anything of that is erased, the slot record says that deploy_0 is what boots. When it cannot, nothing is erased; and
 * since nanoBooter tells a debugger that all went well, what that goes on to write is not written either.
 */

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): these names are the linker's. */
int __real_stm32FlashErase(uint32_t address);
int __wrap_stm32FlashErase(uint32_t address);
int __real_stm32FlashWrite(uint32_t address, uint32_t length, const uint8_t *from);
int __wrap_stm32FlashWrite(uint32_t address, uint32_t length, const uint8_t *from);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

/* Whether an erase of the deployment has failed, since the last one of its first sector. */
static bool refused;

static nota_slots slots;

bool nota_stm32_erase(uint32_t address)
{
    return __real_stm32FlashErase(address);
}

/* In two banks the sectors, which the driver counts as in one, are others: then nothing is erased. */
static bool tell_record(void)
{
    nota_flash flash = nota_stm32_flash(NULL); /* of the firmware nothing is read */
    nota_images images = {0};
    return (FLASH->OPTCR & FLASH_OPTCR_nDBANK) != 0U && nota_slots_start(&slots, &flash, &images, &nota_stm32_layout, 0)
        && nota_slots_forget(&slots) == NOTA_NONE;
}

static bool is_deployment(uint32_t address)
{
    return address >= NOTA_STM32_DEPLOY_0 && address < NOTA_STM32_DEPLOY_1;
}

int __wrap_stm32FlashErase(uint32_t address)
{
    if (!is_deployment(address)) {
        return __real_stm32FlashErase(address);
    }

    refused = (refused && address != NOTA_STM32_DEPLOY_0) || !tell_record() || !__real_stm32FlashErase(address);
    return !refused;
}

int __wrap_stm32FlashWrite(uint32_t address, uint32_t length, const uint8_t *from)
{
    return !(refused && is_deployment(address)) && __real_stm32FlashWrite(address, length, from);
}
