// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>Hashes a component where it lies in its idle slot, a few blocks a step.</summary>
    internal sealed class SlotHash
    {
        // A native call over so much blocks all threads for some milliseconds.
        private const int StepLength = 16384;

        private readonly UpdateContext _context;
        private int _position;

        internal SlotHash(UpdateContext context)
        {
            _context = context;
        }

        internal void Begin()
        {
            _position = 0;
            System.Array.Clear(_context.HashState, 0, Sha256.StateLength);
        }

        /// <summary>One step.</summary>
        /// <returns>
        /// <see cref="ResultCode.Pending"/>; <see cref="ResultCode.None"/> when the slot holds the component; <see cref="ResultCode.ReadBackMismatch"/>
        /// when it holds something else; or why it cannot be read.
        /// </returns>
        internal ResultCode Step(ManifestComponent component)
        {
            int missing = component.Size - _position;
            int count = missing < StepLength ? missing : StepLength;
            ResultCode code = _context.ModuleFor(component.Id).Hash(
                component, _position, count, _context.Hasher, _context.HashState, _context.Buffer);
            _position += count;
            if (code != ResultCode.None || _position < component.Size)
            {
                return code != ResultCode.None ? code : ResultCode.Pending;
            }

            _context.Hasher.Finish(_context.HashState, 0, _context.Buffer, 0);
            _position = 0;
            return Bytes.Equal(_context.Buffer, 0, component.Sha256, 0, Sha256.DigestLength)
                ? ResultCode.None : ResultCode.ReadBackMismatch;
        }
    }
}
