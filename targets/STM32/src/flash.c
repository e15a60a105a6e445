/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "nanoota_stm32.h"

/* Behind hal.h, or it declares nothing. */
#include <hal_nf_community.h>
#include <string.h>

/*
 * The core's flash over nanoFramework's driver, which writes past the processor's data cache and leaves there what was read before. So
 * a range is dropped from the cache when it has changed, and again before it is read, since others change it too.
 */

#define CACHE_LINE 32U

const nota_map nota_stm32_layout = {
    .firmware = {{NOTA_STM32_FIRMWARE, NOTA_STM32_HEAD_LENGTH}},
    .firmware_count = 1,
    .deploy = {{NOTA_STM32_DEPLOY_0, NOTA_STM32_DEPLOY_1 - NOTA_STM32_DEPLOY_0},
        {NOTA_STM32_DEPLOY_1, NOTA_STM32_JOURNAL - NOTA_STM32_DEPLOY_1}},
    .record = {NOTA_STM32_RECORD, NOTA_STM32_FIRMWARE - NOTA_STM32_RECORD},
    .journal = {NOTA_STM32_JOURNAL, NOTA_STM32_END - NOTA_STM32_JOURNAL},
};

static void drop_cache(uint32_t offset, uint32_t count)
{
    uint32_t first = offset & ~(CACHE_LINE - 1U);
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): an offset is an address. */
    SCB_InvalidateDCache_by_Addr((uint32_t *)(uintptr_t)first, (int32_t)(offset + count - first));
}

static bool read_flash(void *context, uint32_t offset, void *to, uint32_t count)
{
    const uint8_t *head = context;
    if (offset >= NOTA_STM32_FIRMWARE && offset < NOTA_STM32_DEPLOY_0) {
        memcpy(to, head + (offset - NOTA_STM32_FIRMWARE), count); /* the core keeps within the layout's length */
    } else if (count > 0U) {
        drop_cache(offset, count);
        stm32FlashReadBytes(offset, count, to);
    }

    return true;
}

static bool program_flash(void *context, uint32_t offset, const void *from, uint32_t count)
{
    (void)context;
    bool done = stm32FlashWrite(offset, count, from);
    drop_cache(offset, count);
    return done;
}

static uint32_t sector_length(void *context, uint32_t offset)
{
    (void)context;
    uint32_t length = offset < NOTA_STM32_MIDDLE ? NOTA_STM32_SMALL_SECTOR
        : offset < NOTA_STM32_LARGE ? NOTA_STM32_MIDDLE_SECTOR : NOTA_STM32_LARGE_SECTOR;
    return offset >= NOTA_STM32_BOOTER && offset < NOTA_STM32_END && offset % length == 0U ? length : 0U;
}

static bool erase_flash(void *context, uint32_t offset)
{
    bool done = nota_stm32_erase(offset);
    drop_cache(offset, sector_length(context, offset));
    return done;
}

nota_flash nota_stm32_flash(const void *head)
{
    return (nota_flash){
        .context = (void *)head, .read = read_flash, .program = program_flash, .erase = erase_flash, .sector = sector_length};
}
