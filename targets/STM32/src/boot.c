/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "nanoota_port.h"
#include "nanoota_stm32.h"

/*
 * Two of the three places where nanoCLR is entered from below, by the linker's --wrap (targets/STM32/cmake/wraps.cmake; docs/stm32.md
 * says why); the third is in watchdog.c. Each calls the function it stands for.
 */

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): these names are the linker's. */
void __real_BlockStorage_AddDevices(void);
void __wrap_BlockStorage_AddDevices(void);
bool __real_STM32FlashDriver_EraseBlock(void *context, unsigned int address);
bool __wrap_STM32FlashDriver_EraseBlock(void *context, unsigned int address);

/* The linker script's: where nanoCLR begins. */
extern uint32_t __nanoImage_start__;
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

nota_stm32 g_nota_stm32;

/* Two banks have other sectors, and in a firmware that was linked where the stock one lies, those of the record hold code. */
static bool is_our_layout(void)
{
    return (FLASH->OPTCR & FLASH_OPTCR_nDBANK) != 0U && (uintptr_t)&__nanoImage_start__ == NOTA_STM32_FIRMWARE;
}

/*
 * A crash of the firmware loops for ever until the watchdog ends it, so it reads as a hang. Flags stay through nanoBooter, which starts
 * nanoCLR without a reset, and gather until they are cleared; every reset sets the pin's.
 */
static nota_reset take_cause_of_reset(void)
{
    uint32_t flags = RCC->CSR;
    RCC->CSR |= RCC_CSR_RMVF;
    if ((flags & (RCC_CSR_IWDGRSTF | RCC_CSR_WWDGRSTF)) != 0U) {
        return NOTA_RESET_WATCHDOG;
    }

    return (flags & RCC_CSR_SFTRSTF) != 0U ? NOTA_RESET_SOFTWARE : NOTA_RESET_POWER_ON;
}

void nota_stm32_boot(void)
{
    nota_stm32 *port = &g_nota_stm32;
    nota_flash flash = nota_stm32_flash(nanoota_head);
    nota_images images = {0}; /* of one firmware nothing is asked */
    if (port->booted) {
        return;
    }

    port->booted = true;
    chMtxObjectInit(&port->lock);
    if (!is_our_layout() || !nota_slots_start(&port->slots, &flash, &images, &nota_stm32_layout, 0)) {
        return;
    }

    (void)nota_slots_hook(&port->slots, take_cause_of_reset()); /* with one firmware there is none to reset into */
    port->blocks = &nota_stm32_blocks[nota_slots_active_deploy(&port->slots)];
    nota_stm32_watchdog(nota_slots_watchdog_seconds(&port->slots));
    port->ready = true;
}

/* Called again after each restart of the CLR alone: always the same answer. */
void __wrap_BlockStorage_AddDevices(void)
{
    nota_stm32_boot();
    if (g_nota_stm32.ready) {
        Device_BlockStorageConfig.BlockConfig.BlockDeviceInformation = (DeviceBlockInfo *)g_nota_stm32.blocks;
    }

    __real_BlockStorage_AddDevices();
}

bool nota_stm32_erase(uint32_t address)
{
    return __real_STM32FlashDriver_EraseBlock(NULL, address);
}

/* Only a debugger erases a deployment through the CLR's driver: what it puts there must boot next. Others erase the configuration. */
bool __wrap_STM32FlashDriver_EraseBlock(void *context, unsigned int address)
{
    bool deployment = address >= NOTA_STM32_DEPLOY_0 && address < NOTA_STM32_JOURNAL;
    return !(deployment && nota_port_disown() == NOTA_FLASH_FAILED) && __real_STM32FlashDriver_EraseBlock(context, address);
}
