// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    // State Verify: hashes every component where it lies, a few blocks a step; then each module judges what it was given. What the flash holds
    // counts, not what was sent to it.
    public sealed partial class UpdateAgent
    {
        private int _verified;

        private void BeginVerify()
        {
            _verified = 0;
            _context.SlotHash.Begin();
        }

        private long Verify(long now)
        {
            ManifestComponent[] components = _context.Manifest.Components;
            if (_verified == components.Length)
            {
                return StepResult.Over(JudgeImages());
            }

            ResultCode code = _context.SlotHash.Step(components[_verified]);
            _verified += code == ResultCode.None ? 1 : 0;
            return code == ResultCode.None || code == ResultCode.Pending ? StepResult.Until(now) : StepResult.Over(code);
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
