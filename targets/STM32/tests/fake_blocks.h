// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#ifndef NANOOTA_FAKE_BLOCKS_H
#define NANOOTA_FAKE_BLOCKS_H

#include "nanoPAL_BlockStorage.h"

// How nanoFramework looks into a block map.

// A range of blocks, as bytes.
struct FakeRange {
    unsigned int type;
    uint32_t address;
    uint32_t length;
    uint32_t block;
};

// The first range of a usage; of length 0: there is none.
inline FakeRange find_usage(const DeviceBlockInfo *info, unsigned int usage)
{
    for (uint32_t i = 0; i < info->NumRegions; i++) {
        const BlockRegionInfo &region = info->Regions[i];
        for (uint32_t j = 0; j < region.NumBlockRanges; j++) {
            const BlockRange &range = region.BlockRanges[j];
            if ((range.RangeType & BlockRange_USAGE_MASK) == usage) {
                return {range.RangeType, region.Start + range.StartBlock * region.BytesPerBlock,
                    (range.EndBlock - range.StartBlock + 1) * region.BytesPerBlock, region.BytesPerBlock};
            }
        }
    }

    return {};
}

// The range that an address lies in, found by adding up the lengths of those before; of length 0: there is none.
inline FakeRange find_address(const DeviceBlockInfo *info, uint32_t address)
{
    for (uint32_t i = 0; i < info->NumRegions; i++) {
        const BlockRegionInfo &region = info->Regions[i];
        uint32_t end = region.Start + region.BlockRanges[0].StartBlock * region.BytesPerBlock;
        bool within = address >= region.Start && address - region.Start < region.NumBlocks * region.BytesPerBlock;
        for (uint32_t j = 0; within && j < region.NumBlockRanges; j++) {
            const BlockRange &range = region.BlockRanges[j];
            uint32_t length = (range.EndBlock - range.StartBlock + 1) * region.BytesPerBlock;
            end += length;
            if (address < end) {
                return {range.RangeType, end - length, length, region.BytesPerBlock};
            }
        }
    }

    return {};
}

#endif
