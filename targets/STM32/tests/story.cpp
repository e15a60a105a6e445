// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "story.h"

int32_t update(const Board &board, uint32_t length)
{
    int32_t result = write_image(NOTA_PART_DEPLOYMENT, board.deployment(2, length));
    return result == NOTA_NONE ? activate(NOTA_PART_DEPLOYMENT) : result;
}

bool remember(uint32_t place, uint8_t value)
{
    std::vector<uint8_t> record(NOTA_RECORD_LENGTH, value);
    return managed(Method::JournalWrite, {number(static_cast<int32_t>(place)), array(record)}) == 1;
}

int recall(uint32_t place)
{
    std::vector<uint8_t> record(NOTA_RECORD_LENGTH);
    return managed(Method::JournalRead, {number(static_cast<int32_t>(place)), array(record)}) == 1 ? record[0] : -1;
}
