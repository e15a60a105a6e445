/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

/* As much of nanoFramework's block storage as the port and a CLR that looks for its deployment use, for the host. */
#ifndef FAKE_NANOPAL_BLOCKSTORAGE_H
#define FAKE_NANOPAL_BLOCKSTORAGE_H

#include <stdbool.h>
#include <stdint.h>

#define BlockUsage_BOOTSTRAP 0x10U
#define BlockUsage_CODE 0x20U
#define BlockUsage_CONFIG 0x30U
#define BlockUsage_DEPLOYMENT 0x50U
#define BlockRange_USAGE_MASK 0xFFU

#define BlockRange_BLOCKTYPE_RESERVED 0x40000000U
#define BlockRange_BLOCKTYPE_CONFIG (0x40014000U | BlockUsage_CONFIG)
#define BlockRange_BLOCKTYPE_BOOTSTRAP (0xC0001000U | BlockUsage_BOOTSTRAP)
#define BlockRange_BLOCKTYPE_CODE (0xC0001000U | BlockUsage_CODE)
#define BlockRange_BLOCKTYPE_DEPLOYMENT (0x40002000U | BlockUsage_DEPLOYMENT)

typedef struct BlockRange {
    unsigned int RangeType;
    unsigned int StartBlock;
    unsigned int EndBlock;
} BlockRange;

typedef enum BlockRegionAttribute {
    BlockRegionAttribute_MemoryMapped = 0x0100,
} BlockRegionAttribute;

typedef struct BLOCKREGIONINFO {
    BlockRegionAttribute Attributes;
    unsigned int Start;
    unsigned int NumBlocks;
    unsigned int BytesPerBlock;
    unsigned int NumBlockRanges;
    const BlockRange *BlockRanges;
} BlockRegionInfo;

typedef enum MediaAttribute {
    MediaAttribute_SupportsXIP = 0x0002,
} MediaAttribute;

typedef struct DEVICEBLOCKINFO {
    MediaAttribute Attribute;
    uint32_t BytesPerSector;
    uint32_t NumRegions;
    BlockRegionInfo *Regions;
} DeviceBlockInfo;

typedef struct BLOCK_CONFIG {
    DeviceBlockInfo *BlockDeviceInformation;
} BLOCK_CONFIG;

typedef struct CPU_MEMORY_CONFIG {
    unsigned char ReadOnly;
    unsigned int BitWidth;
    unsigned int BaseAddress;
    unsigned int SizeInBytes;
} CPU_MEMORY_CONFIG;

typedef struct MEMORY_MAPPED_NOR_BLOCK_CONFIG {
    BLOCK_CONFIG BlockConfig;
    CPU_MEMORY_CONFIG Memory;
} MEMORY_MAPPED_NOR_BLOCK_CONFIG;

typedef struct IBLOCKSTORAGEDEVICE {
    DeviceBlockInfo *(*GetDeviceInfo)(void *context);
    bool (*EraseBlock)(void *context, unsigned int address);
} IBlockStorageDevice;

typedef struct BlockStorageDevice {
    void *m_context;
    const IBlockStorageDevice *m_BSD;
} BlockStorageDevice;

#endif
