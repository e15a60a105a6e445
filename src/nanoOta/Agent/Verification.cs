// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// The work of Verify: reads back every component from its place, a block a step, and hashes it; then each module judges what
    /// it was given. What the flash holds counts, not what was sent to it.
    /// </summary>
    internal sealed class Verification
    {
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
            _context.Hash.Reset();
        }

        internal ResultCode Step(long now)
        {
            ManifestComponent[] components = _context.Manifest.Components;
            if (_index == components.Length)
            {
                return JudgeImages();
            }

            ManifestComponent component = components[_index];
            int missing = component.Size - _position;
            int count = missing < _context.Buffer.Length ? missing : _context.Buffer.Length;
            ResultCode code = _context.ModuleFor(component.Id).Read(component, _position, _context.Buffer, count);
            if (code != ResultCode.None)
            {
                return code;
            }

            _context.Hash.Append(_context.Buffer, 0, count);
            _position += count;
            if (_position == component.Size)
            {
                _context.Hash.Finish(_context.Buffer, 0);
                if (!Bytes.Equal(_context.Buffer, 0, component.Sha256, 0, Sha256.DigestLength))
                {
                    return ResultCode.ReadBackMismatch;
                }

                _index++;
                _position = 0;
            }

            return _context.Until(now);
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
