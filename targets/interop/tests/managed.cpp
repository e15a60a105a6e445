// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "managed.h"

extern const CLR_RT_NativeAssemblyData g_CLR_AssemblyNative_nanoOta_Native;

// The marshalling as nanoCLR has it: an argument of another type is an error, and so is a null array.
HRESULT Interop_Marshal_bool(const CLR_RT_StackFrame &stack, unsigned int index, bool &value)
{
    const FakeArgument &argument = stack.arguments.at(index);
    value = argument.number != 0;
    return argument.is_array ? CLR_E_WRONG_TYPE : S_OK;
}

HRESULT Interop_Marshal_INT32(const CLR_RT_StackFrame &stack, unsigned int index, signed int &value)
{
    const FakeArgument &argument = stack.arguments.at(index);
    value = argument.number;
    return argument.is_array ? CLR_E_WRONG_TYPE : S_OK;
}

HRESULT Interop_Marshal_UINT8_ARRAY(const CLR_RT_StackFrame &stack, unsigned int index, CLR_RT_TypedArray_UINT8 &value)
{
    const FakeArgument &argument = stack.arguments.at(index);
    if (!argument.is_array) {
        return CLR_E_WRONG_TYPE;
    }

    if (argument.array == nullptr) {
        return CLR_E_NULL_REFERENCE;
    }

    value.data = argument.array->data();
    value.count = static_cast<unsigned int>(argument.array->size());
    return S_OK;
}

void SetResult_INT32(CLR_RT_StackFrame &stack, signed int value)
{
    stack.result = value;
}

void SetResult_bool(CLR_RT_StackFrame &stack, bool value)
{
    stack.result = value ? 1 : 0;
}

HRESULT managed_try(Method method, std::vector<FakeArgument> arguments, int32_t &result)
{
    const auto *table = static_cast<const CLR_RT_MethodHandler *>(g_CLR_AssemblyNative_nanoOta_Native.m_pNativeMethods);
    CLR_RT_StackFrame frame;
    frame.arguments = std::move(arguments);
    HRESULT hr = table[first_native_method + static_cast<size_t>(method)](frame);
    result = frame.result;
    return hr;
}

int32_t managed(Method method, std::vector<FakeArgument> arguments)
{
    int32_t result = 0;
    return managed_try(method, std::move(arguments), result) == S_OK ? result : -1;
}
