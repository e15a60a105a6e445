// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "agent.h"

#include <algorithm>
extern "C" {
#include "bytes.h"
}

int32_t write_image(nota_part part, const std::vector<uint8_t> &image, uint32_t from)
{
    int32_t result = managed(Method::Open, {number(part), number(static_cast<int32_t>(from))});
    for (size_t at = from; at < image.size() && result == NOTA_NONE; at += NOTA_BLOCK_LENGTH) {
        std::vector<uint8_t> buffer(NOTA_BLOCK_LENGTH);
        size_t count = std::min<size_t>(image.size() - at, NOTA_BLOCK_LENGTH);
        std::copy_n(image.begin() + static_cast<std::ptrdiff_t>(at), count, buffer.begin());
        result = managed(Method::Write, {array(buffer), number(static_cast<int32_t>(count))});
    }

    while (result == NOTA_NONE && (result = managed(Method::EraseTail)) == NOTA_PENDING) {
        result = NOTA_NONE;
    }

    return result;
}

int32_t activate(uint32_t parts)
{
    std::vector<uint8_t> digest(32, 0xAB);
    std::vector<uint8_t> version{'2'};
    std::vector<uint8_t> application{'2', '.', '0', '.', '0'};
    return managed(Method::Activate, {number(static_cast<int32_t>(parts)), array(digest), array(version), array(application), number(660)});
}

int32_t state()
{
    std::vector<uint8_t> record(NOTA_RECORD_LENGTH);
    return managed(Method::GetState, {array(record)});
}

int32_t verdict()
{
    std::vector<uint8_t> record(NOTA_RECORD_LENGTH);
    return managed(Method::GetState, {array(record)}) < 0 ? -1 : static_cast<int32_t>(nota_get_le32(record.data() + 16));
}
