// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#ifndef NANOOTA_MANAGED_H
#define NANOOTA_MANAGED_H

#include <string>
#include <utility>

#include "nanoCLR_Interop.h"

// Calls as managed code makes them: through the table of methods, as the CLR reads it.

// The native methods as they follow one another in the assembly's table, managed ones left out.
enum class Method {
    Crypt, DecryptBlock, Append, Finish, Verify,
    GetState, Capacity, Open, Write, EraseTail, Read, Hash, Activate, Confirm, Revert, JournalCapacity, JournalRead, JournalWrite,
};

inline FakeArgument number(int32_t value)
{
    return {value, nullptr, false};
}

inline FakeArgument array(std::vector<uint8_t> &value)
{
    return {0, &value, true};
}

inline FakeArgument word_array(std::vector<unsigned int> &value)
{
    return {0, nullptr, true, &value};
}

// The object of an instance method.
inline FakeArgument self()
{
    return {0, nullptr, false};
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
