// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#ifndef NANOOTA_MANAGED_H
#define NANOOTA_MANAGED_H

#include <string>
#include <utility>

#include "nanoCLR_Interop.h"

// Calls as managed code makes them: through the table of methods, as the CLR reads it.

// The index of the first native method in the assembly's table; the others follow it.
constexpr size_t first_native_method = 53;

enum class Method {
    GetState, Capacity, Open, Write, EraseTail, Read, Activate, Confirm, Revert, JournalPlaces, JournalRead, JournalWrite,
};

inline FakeArgument number(int32_t value)
{
    return {value, nullptr, false};
}

inline FakeArgument array(std::vector<uint8_t> &value)
{
    return {0, &value, true};
}

inline FakeArgument null_array()
{
    return {0, nullptr, true};
}

// What the method answers; -1 when it throws.
int32_t managed(Method method, std::vector<FakeArgument> arguments = {});

// The same, with what it throws.
HRESULT managed_try(Method method, std::vector<FakeArgument> arguments, int32_t &result);

#endif
