// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Hashes every component where it lies, a few blocks a step; then each module judges what it was given. What the flash holds
    /// counts, not what was sent to it.
    /// </summary>
    internal sealed class Verification
    {
        // A native call over so much blocks all threads for some milliseconds.
        private const int StepLength = 16384;

        private readonly UpdateContext _context;
        private int _index;
        private int _position;

        internal Verification(UpdateContext context)
        {
            _context = context;
        }

        internal void Begin()
        {
            _index = 0;
            _position = 0;
            System.Array.Clear(_context.HashState, 0, Sha256.StateLength);
        }

        internal long Step(long now)
        {
            ManifestComponent[] components = _context.Manifest.Components;
            if (_index == components.Length)
            {
                return StepResult.Over(JudgeImages());
            }

            ManifestComponent component = components[_index];
            int missing = component.Size - _position;
            int count = missing < StepLength ? missing : StepLength;
            ResultCode code = _context.ModuleFor(component.Id).Hash(
                component, _position, count, _context.Hasher, _context.HashState, _context.Buffer);
            _position += count;
            if (code == ResultCode.None && _position == component.Size)
            {
                _context.Hasher.Finish(_context.HashState, 0, _context.Buffer, 0);
                code = Bytes.Equal(_context.Buffer, 0, component.Sha256, 0, Sha256.DigestLength)
                    ? ResultCode.None : ResultCode.ReadBackMismatch;
                _index++;
                _position = 0;
            }

            return code == ResultCode.None ? StepResult.Until(now) : StepResult.Over(code);
        }

        private ResultCode JudgeImages()
        {
            ResultCode code = ResultCode.None;
            for (int i = 0; i < _context.Modules.Length && code == ResultCode.None; i++)
            {
                if (_context.Takes(_context.Modules[i]))
                {
                    code = _context.Modules[i].Verify(_context.Manifest, _context.Buffer);
                }
            }

            return code;
        }
    }
}
