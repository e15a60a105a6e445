// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "nanoOta_Native.h"

#include "nanoota_port.h"

// Takes what managed code passed, and hands back what the port answers. Arguments that no managed caller of ours passes are
// exceptions; whatever may fail on a device is a result. Array pointers lead into the managed heap, and none outlives its call.

namespace {

using Natives = Library_nanoOta_Native_nanoOta_NativeSlots;

// Takes arguments one after the other; the first that is wrong is kept.
class Arguments {
public:
    explicit Arguments(CLR_RT_StackFrame &frame) : stack(frame)
    {
    }

    uint32_t number()
    {
        signed int value = 0;
        keep(Interop_Marshal_INT32(stack, next++, value));
        require(value >= 0);
        return static_cast<uint32_t>(value);
    }

    nota_part part()
    {
        return static_cast<nota_part>(number());
    }

    bool flag()
    {
        bool value = false;
        keep(Interop_Marshal_bool(stack, next++, value));
        return value;
    }

    CLR_RT_TypedArray_UINT8 bytes()
    {
        CLR_RT_TypedArray_UINT8 value;
        keep(Interop_Marshal_UINT8_ARRAY(stack, next++, value));
        return value;
    }

    // A record's bytes.
    unsigned char *record()
    {
        CLR_RT_TypedArray_UINT8 value = bytes();
        require(value.GetSize() >= NOTA_RECORD_LENGTH);
        return value.GetBuffer();
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
    void keep(HRESULT hr)
    {
        kept = FAILED(kept) ? kept : hr;
    }

    CLR_RT_StackFrame &stack;
    HRESULT kept = S_OK;
    unsigned int next = 0;
};

HRESULT answer(CLR_RT_StackFrame &stack, uint32_t value)
{
    SetResult_INT32(stack, static_cast<signed int>(value));
    return S_OK;
}

HRESULT answer_flag(CLR_RT_StackFrame &stack, bool value)
{
    SetResult_bool(stack, value);
    return S_OK;
}

} // namespace

HRESULT Natives::NativeGetState___STATIC__I4__SZARRAY_U1(CLR_RT_StackFrame &stack)
{
    Arguments in(stack);
    unsigned char *record = in.record();
    return FAILED(in.result()) ? in.result() : answer(stack, nota_port_state(record));
}

HRESULT Natives::NativeCapacity___STATIC__I4__I4(CLR_RT_StackFrame &stack)
{
    Arguments in(stack);
    nota_part part = in.part();
    return FAILED(in.result()) ? in.result() : answer(stack, nota_port_capacity(part));
}

HRESULT Natives::NativeOpen___STATIC__I4__I4__I4(CLR_RT_StackFrame &stack)
{
    Arguments in(stack);
    nota_part part = in.part();
    uint32_t offset = in.number();
    return FAILED(in.result()) ? in.result() : answer(stack, nota_port_open(part, offset));
}

HRESULT Natives::NativeWrite___STATIC__I4__SZARRAY_U1__I4(CLR_RT_StackFrame &stack)
{
    Arguments in(stack);
    CLR_RT_TypedArray_UINT8 data = in.bytes();
    uint32_t count = in.number();
    in.require(count <= data.GetSize());
    return FAILED(in.result()) ? in.result() : answer(stack, nota_port_write(data.GetBuffer(), count));
}

HRESULT Natives::NativeEraseTail___STATIC__I4(CLR_RT_StackFrame &stack)
{
    return answer(stack, nota_port_erase_tail());
}

HRESULT Natives::NativeRead___STATIC__I4__I4__BOOLEAN__I4__SZARRAY_U1__I4(CLR_RT_StackFrame &stack)
{
    Arguments in(stack);
    nota_part part = in.part();
    bool idle = in.flag();
    uint32_t offset = in.number();
    CLR_RT_TypedArray_UINT8 to = in.bytes();
    uint32_t count = in.number();
    in.require(count <= to.GetSize());
    return FAILED(in.result()) ? in.result() : answer(stack, nota_port_read(part, idle, offset, to.GetBuffer(), count));
}

HRESULT Natives::NativeActivate___STATIC__I4__I4__SZARRAY_U1__SZARRAY_U1__SZARRAY_U1__I4(CLR_RT_StackFrame &stack)
{
    Arguments in(stack);
    uint32_t parts = in.number();
    CLR_RT_TypedArray_UINT8 digest = in.bytes();
    CLR_RT_TypedArray_UINT8 version = in.bytes();
    CLR_RT_TypedArray_UINT8 application = in.bytes();
    uint32_t seconds = in.number();
    nota_set set = {};
    in.require(parts <= UINT8_MAX && digest.GetSize() == sizeof set.digest);
    if (FAILED(in.result())) {
        return in.result();
    }

    for (unsigned int i = 0; i < sizeof set.digest; i++) {
        set.digest[i] = digest.GetBuffer()[i];
    }

    nota_set_text(set.version, sizeof set.version, version.GetBuffer(), version.GetSize());
    nota_set_text(set.application, sizeof set.application, application.GetBuffer(), application.GetSize());
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

HRESULT Natives::NativeJournalPlaces___STATIC__I4(CLR_RT_StackFrame &stack)
{
    return answer(stack, nota_port_journal_places());
}

HRESULT Natives::NativeJournalRead___STATIC__BOOLEAN__I4__SZARRAY_U1(CLR_RT_StackFrame &stack)
{
    Arguments in(stack);
    uint32_t place = in.number();
    unsigned char *record = in.record();
    return FAILED(in.result()) ? in.result() : answer_flag(stack, nota_port_journal_read(place, record));
}

HRESULT Natives::NativeJournalWrite___STATIC__BOOLEAN__I4__SZARRAY_U1(CLR_RT_StackFrame &stack)
{
    Arguments in(stack);
    uint32_t place = in.number();
    const unsigned char *record = in.record();
    return FAILED(in.result()) ? in.result() : answer_flag(stack, nota_port_journal_write(place, record));
}
