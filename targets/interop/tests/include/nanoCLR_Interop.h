// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

// As much of nanoCLR's interop header as the marshalling uses, for the host.
#ifndef FAKE_NANOCLR_INTEROP_H
#define FAKE_NANOCLR_INTEROP_H

#include <cstddef>
#include <cstdint>
#include <vector>

typedef int32_t HRESULT;

#define S_OK 0
#define FAILED(hr) ((hr) < 0)
#define CLR_E_WRONG_TYPE (static_cast<HRESULT>(0x81000000U))
#define CLR_E_NULL_REFERENCE (static_cast<HRESULT>(0x82000000U))
#define CLR_E_OUT_OF_RANGE (static_cast<HRESULT>(0x83000000U))

// A managed argument: a number, or an array, which may be null.
struct FakeArgument {
    int32_t number;
    std::vector<uint8_t> *array;
    bool is_array;
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

class CLR_RT_TypedArray_UINT8 {
public:
    unsigned int GetSize() { return count; }
    unsigned char *GetBuffer() { return data; }

private:
    unsigned char *data = nullptr;
    unsigned int count = 0;

    friend HRESULT Interop_Marshal_UINT8_ARRAY(const CLR_RT_StackFrame &, unsigned int, CLR_RT_TypedArray_UINT8 &);
};

HRESULT Interop_Marshal_bool(const CLR_RT_StackFrame &stack, unsigned int index, bool &value);
HRESULT Interop_Marshal_INT32(const CLR_RT_StackFrame &stack, unsigned int index, signed int &value);
HRESULT Interop_Marshal_UINT8_ARRAY(const CLR_RT_StackFrame &stack, unsigned int index, CLR_RT_TypedArray_UINT8 &value);
void SetResult_INT32(CLR_RT_StackFrame &stack, signed int value);
void SetResult_bool(CLR_RT_StackFrame &stack, bool value);

#endif
