using System.Text.Json.Nodes;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Stock;

namespace nanoOta.Tool.Devices
{
    /// <summary>What came of a run of a device.</summary>
    /// <param name="End">How it ended.</param>
    /// <param name="Device">The device as it was left.</param>
    /// <param name="FlashOperations">Programs and erases of this run; with stock firmware, changes of the file system.</param>
    /// <param name="BytesFetched">Bytes of bodies that the device read.</param>
    internal sealed record RunResult(RunEnd End, DeviceBase Device, long FlashOperations, long BytesFetched)
    {
        private readonly UpdateStatus _status = Device.Status ?? new UpdateStatus();

        /// <summary>Whether a request of Device Update is met; null: there was none.</summary>
        public bool? IsDeployed { get; init; }

        /// <summary>Why a request of Device Update was rejected before any update began; <see cref="ResultCode.None"/>: it was not.</summary>
        public ResultCode Rejection { get; init; }

        /// <summary>The version that runs; null when none does.</summary>
        public string? Version => _status.Current;

        /// <summary>How the last update ended.</summary>
        public ResultCode Code => _status.LastCode;

        /// <summary>What a command exits with that ran the device.</summary>
        public ExitCode ExitCode => End switch
        {
            RunEnd.PowerCut => ExitCode.PowerCut,
            RunEnd.Dead => ExitCode.Unsound,
            RunEnd.Stopped => ExitCode.Unsettled,

            // The agent has no target any more when the update request is met.
            _ => _status.Target == null && IsDeployed != false ? ExitCode.Done : ExitCode.Refused,
        };

        /// <summary>The run's last event.</summary>
        public JsonObject ToJson()
        {
            return End switch
            {
                RunEnd.PowerCut => new JsonObject { ["event"] = "cut", ["operation"] = FlashOperations },
                RunEnd.Dead => new JsonObject { ["event"] = "dead", ["reason"] = Device.DeadBecause },
                RunEnd.Stopped => Status("unsettled"),
                _ => Status("settled"),
            };
        }

        /// <summary>The run's end for people.</summary>
        public IEnumerable<string> ToText()
        {
            switch (End)
            {
                case RunEnd.PowerCut:
                    return [Device is StockDevice ? $"The power was cut at change {FlashOperations} of the file system." : $"The power was cut at flash operation {FlashOperations}."];
                case RunEnd.Dead:
                    return [$"The device is dead: {Device.DeadBecause}"];
            }

            string fault = _status.Fault == null ? "" : $" {_status.Fault.GetType().Name}: {_status.Fault.Message}";
            string state = End == RunEnd.Settled ? "" : $" Not settled: {_status.StateText}{(_status.Waiting == ResultCode.None ? "." : $", {ResultText.Name(_status.Waiting)}: {ResultText.Sentence(_status.Waiting)}")}";
            return
            [
                $"{_status.Current} runs from {_status.Slot}. {(Rejection == ResultCode.None ? "Last result" : "The request is rejected:")} {(int)Shown}, {ResultText.Name(Shown)}: {ResultText.Sentence(Shown)}{fault}{state}",
                $"Bytes fetched: {BytesFetched}{Origins}; {(Device is StockDevice ? "changes of the file system" : "flash operations")}: {FlashOperations}; writes of state: {Device.StateWrites}; reboots: {Device.Reboots}.",
            ];
        }

        private ResultCode Shown => Rejection == ResultCode.None ? Code : Rejection;

        // Of the last download, which may have been before a reboot.
        private string Origins => Device.Copied + Device.Patched == 0 ? "" : $", copied from the active slot: {Device.Copied}, from a patch: {Device.Patched}";

        private JsonObject Status(string name)
        {
            var json = new JsonObject
            {
                ["event"] = name,
                ["version"] = _status.Current,
                ["slot"] = _status.Slot,
                ["state"] = _status.StateText,
                ["resultCode"] = (int)Code,
                ["code"] = ResultText.Name(Code),
                ["result"] = ResultText.Sentence(Code),
                ["bytesFetched"] = BytesFetched,
                ["bytesCopied"] = Device.Copied,
                ["bytesPatched"] = Device.Patched,
                ["stateWrites"] = Device.StateWrites,
                ["flashOps"] = FlashOperations,
                ["reboots"] = Device.Reboots,
                ["reported"] = new JsonObject { ["ota"] = JsonNode.Parse(StatusReport.ToJson(_status)) },
            };
            if (Rejection != ResultCode.None)
            {
                json["rejection"] = ResultText.Name(Rejection);
            }

            if (_status.Fault != null)
            {
                json["fault"] = $"{_status.Fault.GetType().Name}: {_status.Fault.Message}";
            }

            return json;
        }
    }
}
