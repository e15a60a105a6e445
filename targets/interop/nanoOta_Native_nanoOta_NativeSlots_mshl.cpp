// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "nanoOta_Native.h"

#include "nanoota_arguments.h"
#include "nanoota_port.h"

using Natives = Library_nanoOta_Native_nanoOta_NativeSlots;

HRESULT Natives::NativeGetState___STATIC__I4__SZARRAY_U1(CLR_RT_StackFrame &stack)
{
    Arguments in(stack);
    unsigned char *record = in.bytes_of(NOTA_RECORD_LENGTH);
    return FAILED(in.result()) ? in.result() : answer(stack, nota_port_state(record));
}

HRESULT Natives::NativeCapacity___STATIC__I4__I4(CLR_RT_StackFrame &stack)
{
    Arguments in(stack);
    auto part = static_cast<nota_part>(in.number());
    return FAILED(in.result()) ? in.result() : answer(stack, nota_port_capacity(part));
}

HRESULT Natives::NativeOpen___STATIC__I4__I4__I4(CLR_RT_StackFrame &stack)
{
    Arguments in(stack);
    auto part = static_cast<nota_part>(in.number());
    uint32_t offset = in.number();
    return FAILED(in.result()) ? in.result() : answer(stack, nota_port_open(part, offset));
}

HRESULT Natives::NativeWrite___STATIC__I4__SZARRAY_U1__I4(CLR_RT_StackFrame &stack)
{
    Arguments in(stack);
    Elements<unsigned char> data = in.bytes();
    uint32_t count = in.number();
    in.require(count <= data.count);
    return FAILED(in.result()) ? in.result() : answer(stack, nota_port_write(data.data, count));
}

HRESULT Natives::NativeEraseTail___STATIC__I4(CLR_RT_StackFrame &stack)
{
    return answer(stack, nota_port_erase_tail());
}

HRESULT Natives::NativeRead___STATIC__I4__I4__BOOLEAN__I4__SZARRAY_U1__I4(CLR_RT_StackFrame &stack)
{
    Arguments in(stack);
    auto part = static_cast<nota_part>(in.number());
    bool idle = in.flag();
    uint32_t offset = in.number();
    Elements<unsigned char> to = in.bytes();
    uint32_t count = in.number();
    in.require(count <= to.count);
    return FAILED(in.result()) ? in.result() : answer(stack, nota_port_read(part, idle, offset, to.data, count));
}

HRESULT Natives::NativeHash___STATIC__I4__I4__BOOLEAN__I4__I4__SZARRAY_U1__I4(CLR_RT_StackFrame &stack)
{
    Arguments in(stack);
    auto part = static_cast<nota_part>(in.number());
    bool idle = in.flag();
    uint32_t offset = in.number();
    uint32_t count = in.number();
    unsigned char *state = in.part_of(NOTA_SHA256_STATE_LENGTH);
    return FAILED(in.result()) ? in.result() : answer(stack, nota_port_hash(part, idle, offset, count, state));
}

HRESULT Natives::NativeActivate___STATIC__I4__I4__SZARRAY_U1__SZARRAY_U1__SZARRAY_U1__I4(CLR_RT_StackFrame &stack)
{
    Arguments in(stack);
    uint32_t parts = in.number();
    Elements<unsigned char> digest = in.bytes();
    Elements<unsigned char> version = in.bytes();
    Elements<unsigned char> application = in.bytes();
    uint32_t seconds = in.number();
    nota_set set = {};
    in.require(parts <= UINT8_MAX && digest.count == sizeof set.digest);
    if (FAILED(in.result())) {
        return in.result();
    }

    for (unsigned int i = 0; i < sizeof set.digest; i++) {
        set.digest[i] = digest.data[i];
    }

    nota_set_text(set.version, sizeof set.version, version.data, version.count);
    nota_set_text(set.application, sizeof set.application, application.data, application.count);
    return answer(stack, nota_port_activate(static_cast<uint8_t>(parts), &set, seconds));
}

HRESULT Natives::NativeConfirm___STATIC__I4(CLR_RT_StackFrame &stack)
{
    return answer(stack, nota_port_confirm());
}

HRESULT Natives::NativeRevert___STATIC__I4__I4(CLR_RT_StackFrame &stack)
{
    Arguments in(stack);
    uint32_t reason = in.number();
    in.require(reason != NOTA_NONE);
    return FAILED(in.result()) ? in.result() : answer(stack, nota_port_revert(reason));
}

HRESULT Natives::NativeJournalCapacity___STATIC__I4(CLR_RT_StackFrame &stack)
{
    return answer(stack, nota_port_journal_capacity());
}

HRESULT Natives::NativeJournalRead___STATIC__BOOLEAN__I4__SZARRAY_U1(CLR_RT_StackFrame &stack)
{
    Arguments in(stack);
    uint32_t index = in.number();
    unsigned char *record = in.bytes_of(NOTA_RECORD_LENGTH);
    return FAILED(in.result()) ? in.result() : answer_flag(stack, nota_port_journal_read(index, record));
}

HRESULT Natives::NativeJournalWrite___STATIC__BOOLEAN__I4__SZARRAY_U1(CLR_RT_StackFrame &stack)
{
    Arguments in(stack);
    uint32_t index = in.number();
    const unsigned char *record = in.bytes_of(NOTA_RECORD_LENGTH);
    return FAILED(in.result()) ? in.result() : answer_flag(stack, nota_port_journal_write(index, record));
}
