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

HRESULT Interop_Marshal_UINT32(const CLR_RT_StackFrame &stack, unsigned int index, unsigned int &value)
{
    const FakeArgument &argument = stack.arguments.at(index);
    value = static_cast<unsigned int>(argument.number);
    return argument.is_array ? CLR_E_WRONG_TYPE : S_OK;
}

namespace {

template <typename Element>
HRESULT marshal(const FakeArgument &argument, std::vector<Element> *array, bool other, Element *&data, unsigned int &count, bool &is_filled)
{
    if (!argument.is_array || other) {
        return CLR_E_WRONG_TYPE;
    }

    if (array == nullptr) {
        return CLR_E_NULL_REFERENCE;
    }

    data = array->data();
    count = static_cast<unsigned int>(array->size());
    is_filled = true;
    return S_OK;
}

} // namespace

HRESULT Interop_Marshal_UINT8_ARRAY(const CLR_RT_StackFrame &stack, unsigned int index, CLR_RT_TypedArray_UINT8 &value)
{
    const FakeArgument &argument = stack.arguments.at(index);
    return marshal(argument, argument.array, argument.words != nullptr, value.data, value.count, value.is_filled);
}

HRESULT Interop_Marshal_UINT32_ARRAY(const CLR_RT_StackFrame &stack, unsigned int index, CLR_RT_TypedArray_UINT32 &value)
{
    const FakeArgument &argument = stack.arguments.at(index);
    return marshal(argument, argument.words, argument.array != nullptr, value.data, value.count, value.is_filled);
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
    const auto *handler = static_cast<const CLR_RT_MethodHandler *>(g_CLR_AssemblyNative_nanoOta_Native.m_pNativeMethods);
    for (int before = static_cast<int>(method); *handler == nullptr || before-- > 0;) {
        handler++;
    }

    CLR_RT_StackFrame frame;
    frame.arguments = std::move(arguments);
    HRESULT hr = (*handler)(frame);
    result = frame.result;
    return hr;
}

int32_t managed(Method method, std::vector<FakeArgument> arguments)
{
    int32_t result = 0;
    return managed_try(method, std::move(arguments), result) == S_OK ? result : -1;
}
