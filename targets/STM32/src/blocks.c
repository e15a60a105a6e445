/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "nanoota_stm32.h"

/*
 * nanoFramework's block maps, in place of the board's Device_BlockStorage.c, for nanoCLR and nanoBooter alike. The CLR and its debugger
 * take the first range for deployments, so there are two maps that differ in which one that is. What is reserved a debugger neither
 * erases nor writes. Ranges follow one another without a gap, since an address is looked up by adding their lengths.
 */

static const BlockRange small_blocks[] = {
    {BlockRange_BLOCKTYPE_BOOTSTRAP, 0, 0},
    {BlockRange_BLOCKTYPE_CONFIG, 1, 1},
    {BlockRange_BLOCKTYPE_RESERVED, 2, 3}, /* the slot record */
};

static const BlockRange middle_blocks[] = {
    {BlockRange_BLOCKTYPE_CODE, 0, 0},
};

static const BlockRange large_blocks[2][4] = {
    {
        {BlockRange_BLOCKTYPE_CODE, 0, 1},
        {BlockRange_BLOCKTYPE_DEPLOYMENT, 2, 3},
        {BlockRange_BLOCKTYPE_RESERVED, 4, 5},
        {BlockRange_BLOCKTYPE_RESERVED, 6, 6}, /* the journal */
    },
    {
        {BlockRange_BLOCKTYPE_CODE, 0, 1},
        {BlockRange_BLOCKTYPE_RESERVED, 2, 3},
        {BlockRange_BLOCKTYPE_DEPLOYMENT, 4, 5},
        {BlockRange_BLOCKTYPE_RESERVED, 6, 6},
    },
};

#define ENTRIES_OF(array) (sizeof(array) / sizeof((array)[0]))

#define REGIONS_WITH(large) { \
    {(BlockRegionAttribute)0, NOTA_STM32_BOOTER, 4, NOTA_STM32_SMALL_SECTOR, ENTRIES_OF(small_blocks), small_blocks}, \
    {(BlockRegionAttribute)0, NOTA_STM32_MIDDLE, 1, NOTA_STM32_MIDDLE_SECTOR, ENTRIES_OF(middle_blocks), middle_blocks}, \
    {(BlockRegionAttribute)0, NOTA_STM32_LARGE, 7, NOTA_STM32_LARGE_SECTOR, ENTRIES_OF(large), large}, \
}

static const BlockRegionInfo regions[2][3] = {REGIONS_WITH(large_blocks[0]), REGIONS_WITH(large_blocks[1])};

const DeviceBlockInfo nota_stm32_blocks[2] = {
    {MediaAttribute_SupportsXIP, 2, ENTRIES_OF(regions[0]), (BlockRegionInfo *)regions[0]},
    {MediaAttribute_SupportsXIP, 2, ENTRIES_OF(regions[1]), (BlockRegionInfo *)regions[1]},
};

/* The variables that the board's own file would have. */
MEMORY_MAPPED_NOR_BLOCK_CONFIG Device_BlockStorageConfig = {
    .BlockConfig = {.BlockDeviceInformation = (DeviceBlockInfo *)&nota_stm32_blocks[0]},
    .Memory = {.ReadOnly = true, .BitWidth = 16, .BaseAddress = NOTA_STM32_BOOTER, .SizeInBytes = NOTA_STM32_END - NOTA_STM32_BOOTER},
};

BlockStorageDevice Device_BlockStorage;
