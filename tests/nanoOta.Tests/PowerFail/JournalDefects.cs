namespace nanoOta.Tests.PowerFail
{
    /// <summary>A journal's store as it is; defects override what they spoil.</summary>
    internal class DefectiveJournal(IRecordStore inner) : IRecordStore
    {
        public int Count => inner.Count;

        public bool Read(int place, byte[] record)
        {
            return inner.Read(place, record);
        }

        public virtual bool Write(int place, byte[] record)
        {
            return inner.Write(place, record);
        }
    }

    /// <summary>Every other record stays in a cache that is never flushed.</summary>
    internal sealed class DropsFlushes(IRecordStore inner) : DefectiveJournal(inner)
    {
        private int _writes;

        public override bool Write(int place, byte[] record)
        {
            return ++_writes % 2 == 0 || base.Write(place, record);
        }
    }

    /// <summary>The highest counter rises when an update is activated, not when it is applied.</summary>
    internal sealed class RaisesCounter(IRecordStore inner) : DefectiveJournal(inner)
    {
        public override bool Write(int place, byte[] record)
        {
            if (Bytes.GetUInt32(record, Journal.Phase) == Journal.Activated)
            {
                Bytes.PutUInt32(record, Journal.HighestCounter, Bytes.GetUInt32(record, Journal.Counter));
                Bytes.PutUInt32(record, Journal.RecordLength - 4, Crc.Of(record, Journal.RecordLength - 4));
            }

            return base.Write(place, record);
        }
    }

    /// <summary>What is written of some bytes is nothing: they are remembered until the next boot only.</summary>
    internal class Forgets(IRecordStore inner, int from, int to) : DefectiveJournal(inner)
    {
        public override bool Write(int place, byte[] record)
        {
            var written = (byte[])record.Clone();
            Array.Clear(written, from, to - from);
            Bytes.PutUInt32(written, Journal.RecordLength - 4, Crc.Of(written, Journal.RecordLength - 4));
            return base.Write(place, written);
        }
    }

    /// <summary>Updates that are known to be bad are forgotten.</summary>
    internal sealed class ForgetsKnownBad(IRecordStore inner) : Forgets(inner, Journal.KnownBad, Journal.KnownBadEnd);

    /// <summary>How far a patch has been read is forgotten.</summary>
    internal sealed class ForgetsPatch(IRecordStore inner) : Forgets(inner, Journal.KnownBadEnd, Journal.KnownBadEnd + ImageDelta.StateLength);

    /// <summary>The highest counter is forgotten.</summary>
    internal sealed class ForgetsCounter(IRecordStore inner) : Forgets(inner, Journal.HighestCounter, Journal.HighestCounter + 4);
}
