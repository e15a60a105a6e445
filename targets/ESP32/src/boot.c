/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include <esp_system.h>

#include "nanoota_esp32.h"
#include "nanoota_port.h"

/*
 * The three places where nanoCLR is entered from below, by the linker's --wrap (targets/ESP32/cmake/wraps.cmake; docs/esp32.md says
 * why). Each calls the function it stands for.
 */

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): these names are the linker's. */
void __real_app_main(void);
void __wrap_app_main(void);
const esp_partition_t *__wrap_esp_partition_find_first(esp_partition_type_t type, esp_partition_subtype_t subtype, const char *label);
bool __real_Esp32FlashDriver_EraseBlock(void *context, unsigned int address);
bool __wrap_Esp32FlashDriver_EraseBlock(void *context, unsigned int address);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

nota_esp32 g_nota_esp32;

/* Only our watchdog is an RTC watchdog once the application runs; ESP-IDF's own ones watch its tasks and interrupts. */
static nota_reset cause_of_reset(void)
{
    switch (esp_reset_reason()) {
    case ESP_RST_WDT:
        return NOTA_RESET_WATCHDOG;
    case ESP_RST_PANIC:
    case ESP_RST_INT_WDT:
    case ESP_RST_TASK_WDT:
    case ESP_RST_CPU_LOCKUP:
        return NOTA_RESET_PANIC;
    case ESP_RST_SW:
    case ESP_RST_DEEPSLEEP:
        return NOTA_RESET_SOFTWARE;
    default: /* power, brown-out, a pin, a debug probe: not the application's doing */
        return NOTA_RESET_POWER_ON;
    }
}

void nota_esp32_boot(void)
{
    nota_esp32 *port = &g_nota_esp32;
    nota_map map;
    nota_flash flash = nota_esp32_flash(port);
    nota_images images = nota_esp32_images(port);
    nota_esp32_watchdog(0); /* the bootloader's, if it was left on */
    port->lock = xSemaphoreCreateMutexStatic(&port->lock_storage);
    if (!nota_esp32_find_map(port, &map)) {
        return;
    }

    uint8_t running = map.firmware_count == 2U && esp_ota_get_running_partition() == port->firmware[1] ? 1U : 0U;
    if (!nota_slots_start(&port->slots, &flash, &images, &map, running)) {
        return;
    }

    if (!nota_slots_hook(&port->slots, cause_of_reset())) {
        esp_restart();
    }

    port->ready = true;
    uint32_t at = map.deploy[nota_slots_active_deploy(&port->slots)].offset;
    for (size_t i = 0; i < port->part_count; i++) {
        port->deploy = port->parts[i]->address == at ? port->parts[i] : port->deploy;
    }

    nota_esp32_watchdog(nota_slots_watchdog_seconds(&port->slots));
}

void __wrap_app_main(void)
{
    nota_esp32_boot();
    __real_app_main();
}

/* The CLR asks twice for its deployment, and again after each restart of the CLR alone: always the same answer. */
const esp_partition_t *__wrap_esp_partition_find_first(esp_partition_type_t type, esp_partition_subtype_t subtype, const char *label)
{
    bool deployment = type == ESP_PARTITION_TYPE_DATA && subtype == NOTA_SUBTYPE_DEPLOY && label == NULL;
    return deployment && g_nota_esp32.deploy != NULL ? g_nota_esp32.deploy : __real_esp_partition_find_first(type, subtype, label);
}

/* Only a debugger erases the deployment through the CLR's driver: what it puts there must boot next. */
bool __wrap_Esp32FlashDriver_EraseBlock(void *context, unsigned int address)
{
    return nota_port_disown() != NOTA_FLASH_FAILED && __real_Esp32FlashDriver_EraseBlock(context, address);
}
