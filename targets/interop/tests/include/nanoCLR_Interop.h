// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

// As much of nanoCLR's interop header as the marshalling uses, for the host.
#ifndef FAKE_NANOCLR_INTEROP_H
#define FAKE_NANOCLR_INTEROP_H

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

typedef int32_t HRESULT;

#define S_OK 0
#define FAILED(hr) ((hr) < 0)
#define CLR_E_WRONG_TYPE (static_cast<HRESULT>(0x81000000U))
#define CLR_E_NULL_REFERENCE (static_cast<HRESULT>(0x82000000U))
#define CLR_E_OUT_OF_RANGE (static_cast<HRESULT>(0x83000000U))

// A managed argument: a number, or an array of bytes or words, which may be null.
struct FakeArgument {
    int32_t number;
    std::vector<uint8_t> *array;
    bool is_array;
    std::vector<unsigned int> *words = nullptr;
};

struct CLR_RT_StackFrame {
    std::vector<FakeArgument> arguments;
    int32_t result = 0;
};

struct CLR_RECORD_VERSION {
    uint16_t iMajorVersion;
    uint16_t iMinorVersion;
    uint16_t iBuildNumber;
    uint16_t iRevisionNumber;
};

typedef HRESULT (*CLR_RT_MethodHandler)(CLR_RT_StackFrame &stack);

struct CLR_RT_NativeAssemblyData {
    const char *m_szAssemblyName;
    unsigned int m_checkSum;
    const void *m_pNativeMethods;
    CLR_RECORD_VERSION m_Version;
};

#define NANOCLR_NATIVE_DECLARE(method) static HRESULT method(CLR_RT_StackFrame &stack)

// The real one has no content either before an array was marshalled into it: whoever asks it then gets what lies in memory.
template <class T> class CLR_RT_TypedArray {
public:
    unsigned int GetSize() { return filled().count; }
    T *GetBuffer() { return filled().data; }

private:
    CLR_RT_TypedArray &filled()
    {
        return is_filled ? *this : (std::abort(), *this);
    }

    T *data = nullptr;
    unsigned int count = 0;
    bool is_filled = false;

    friend HRESULT Interop_Marshal_UINT8_ARRAY(const CLR_RT_StackFrame &, unsigned int, CLR_RT_TypedArray<unsigned char> &);
    friend HRESULT Interop_Marshal_UINT32_ARRAY(const CLR_RT_StackFrame &, unsigned int, CLR_RT_TypedArray<unsigned int> &);
};

typedef CLR_RT_TypedArray<unsigned char> CLR_RT_TypedArray_UINT8;
typedef CLR_RT_TypedArray<unsigned int> CLR_RT_TypedArray_UINT32;

HRESULT Interop_Marshal_bool(const CLR_RT_StackFrame &stack, unsigned int index, bool &value);
HRESULT Interop_Marshal_INT32(const CLR_RT_StackFrame &stack, unsigned int index, signed int &value);
HRESULT Interop_Marshal_UINT32(const CLR_RT_StackFrame &stack, unsigned int index, unsigned int &value);
HRESULT Interop_Marshal_UINT8_ARRAY(const CLR_RT_StackFrame &stack, unsigned int index, CLR_RT_TypedArray_UINT8 &value);
HRESULT Interop_Marshal_UINT32_ARRAY(const CLR_RT_StackFrame &stack, unsigned int index, CLR_RT_TypedArray_UINT32 &value);
void SetResult_INT32(CLR_RT_StackFrame &stack, signed int value);
void SetResult_bool(CLR_RT_StackFrame &stack, bool value);

#endif
