// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#ifndef NANOOTA_ARGUMENTS_H
#define NANOOTA_ARGUMENTS_H

#include <nanoCLR_Interop.h>
#include <nanoCLR_Runtime.h>

#include <cstdint>

// Takes what managed code passed. Arguments that no managed caller of ours passes are exceptions; whatever may fail on a device is a
// result. Array pointers lead into the managed heap, and none outlives its call.

// The content of an array; null and of no length where it could not be had.
template <typename Element> struct Elements {
    Element *data;
    uint32_t count;
};

// Takes arguments one after the other; the first that is wrong is kept.
class Arguments {
public:
    // Of an instance method, the object itself is the first.
    explicit Arguments(CLR_RT_StackFrame &frame, unsigned int first = 0) : stack(frame), next(first)
    {
    }

    uint32_t number()
    {
        signed int value = 0;
        keep(Interop_Marshal_INT32(stack, next++, value));
        require(value >= 0);
        return static_cast<uint32_t>(value);
    }

    uint32_t word()
    {
        unsigned int value = 0;
        keep(Interop_Marshal_UINT32(stack, next++, value));
        return value;
    }

    bool flag()
    {
        bool value = false;
        keep(Interop_Marshal_bool(stack, next++, value));
        return value;
    }

    Elements<unsigned char> bytes()
    {
        CLR_RT_TypedArray_UINT8 value;
        return keep(Interop_Marshal_UINT8_ARRAY(stack, next++, value)) ? Elements<unsigned char>{value.GetBuffer(), value.GetSize()}
                                                                      : Elements<unsigned char>{nullptr, 0};
    }

    Elements<unsigned int> words()
    {
        CLR_RT_TypedArray_UINT32 value;
        return keep(Interop_Marshal_UINT32_ARRAY(stack, next++, value)) ? Elements<unsigned int>{value.GetBuffer(), value.GetSize()}
                                                                       : Elements<unsigned int>{nullptr, 0};
    }

    // At least so many bytes, from the array's start.
    unsigned char *bytes_of(uint32_t length)
    {
        Elements<unsigned char> value = bytes();
        require(value.count >= length);
        return value.data;
    }

    // An array and an offset behind it, at which there are so many bytes.
    unsigned char *part_of(uint32_t length)
    {
        Elements<unsigned char> value = bytes();
        uint32_t at = number();
        require(length <= value.count && at <= value.count - length);
        return FAILED(kept) ? nullptr : value.data + at;
    }

    void require(bool right)
    {
        keep(right ? S_OK : CLR_E_OUT_OF_RANGE);
    }

    HRESULT result() const
    {
        return kept;
    }

private:
    bool keep(HRESULT hr)
    {
        kept = FAILED(kept) ? kept : hr;
        return !FAILED(hr);
    }

    CLR_RT_StackFrame &stack;
    HRESULT kept = S_OK;
    unsigned int next;
};

inline HRESULT answer(CLR_RT_StackFrame &stack, uint32_t value)
{
    SetResult_INT32(stack, static_cast<signed int>(value));
    return S_OK;
}

inline HRESULT answer_flag(CLR_RT_StackFrame &stack, bool value)
{
    SetResult_bool(stack, value);
    return S_OK;
}

#endif
