extern alias StandIns;

using System.Globalization;
using System.Text;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Cloud
{
    /// <summary>
    /// A hub that keeps to a script: it says its lines when the device has said the one before, and writes down what was said.
    /// What the device says otherwise is written down, too, and the script does not go on.
    /// </summary>
    /// <remarks>
    /// Lines: <c>&gt; topic payload</c> from the device (also CONNECT, SUBSCRIBE, UNSUBSCRIBE, DISCONNECT), <c>&lt; topic payload</c> to it,
    /// <c>- accept</c>, <c>- refuse N</c>, <c>- unreachable</c>, <c>- drop</c>, <c>- delay MS</c>, <c>- noack</c> (right after a message of the
    /// device). {rid} is the number of the device's last request; # at a payload's end stands for anything.
    /// </remarks>
    public sealed class ScriptedHub : IMqttHub
    {
        private const int Latency = 50;

        private readonly List<string> _traffic = [];
        private string[] _lines = [];
        private string _rid = "";
        private int _next;
        private int _delay;
        private IMqttLink? _link;

        /// <summary>Whether every line was said and heard.</summary>
        public bool IsDone => _next == _lines.Length;

        /// <summary>Begins a part of the script.</summary>
        public void Expect(string[] lines)
        {
            _traffic.Clear();
            _lines = lines;
            _next = 0;
            _delay = Latency;
            if (_link is not null)
            {
                SayLines();
            }
        }

        /// <summary>What was said and done since <see cref="Expect"/>.</summary>
        public string[] TakeTraffic() => [.. _traffic];

        /// <inheritdoc/>
        public bool Resolves(string host) => true;

        /// <inheritdoc/>
        public IMqttSession Connect(MqttConnect connect, IMqttLink link)
        {
            if (_next < _lines.Length && _lines[_next] == "- unreachable")
            {
                _traffic.Add(_lines[_next++]);
                throw new StandIns::System.Net.Sockets.SocketException(System.Net.Sockets.SocketError.ConnectionRefused);
            }

            _link = link;
            Hear($"> CONNECT {connect.ClientId}");
            return new Session(this, link);
        }

        private bool Hear(string line)
        {
            bool isExpected = _next < _lines.Length
                && (_lines[_next] == line || (_lines[_next].EndsWith('#') && line.StartsWith(_lines[_next][..^1], StringComparison.Ordinal)));
            _traffic.Add(isExpected ? _lines[_next] : line);
            if (!isExpected)
            {
                return true;
            }

            _next++;
            bool acknowledges = true;
            if (_next < _lines.Length && _lines[_next] == "- noack")
            {
                acknowledges = false;
                _traffic.Add(_lines[_next++]);
            }

            SayLines();
            return acknowledges;
        }

        private void SayLines()
        {
            for (; _next < _lines.Length && _lines[_next][0] != '>'; _next++)
            {
                _traffic.Add(_lines[_next]);
                string[] words = _lines[_next].Split(' ', 3);
                if (words[0] == "<")
                {
                    _link!.Deliver(words[1].Replace("{rid}", _rid, StringComparison.Ordinal), Encoding.UTF8.GetBytes(words.ElementAtOrDefault(2) ?? ""), _delay);
                }
                else
                {
                    Do(words[1], words.Length > 2 ? int.Parse(words[2], CultureInfo.InvariantCulture) : 0);
                }
            }
        }

        private void Do(string what, int number)
        {
            switch (what)
            {
                case "accept": _link!.Accept(_delay); break;
                case "refuse": _link!.Refuse((byte)number, _delay); break;
                case "drop": _link!.Drop(_delay); break;
                case "delay": _delay += number; break;
                default: throw new FormatException($"\"- {what}\" is nothing that can be done here.");
            }
        }

        private sealed class Session(ScriptedHub hub, IMqttLink link) : IMqttSession
        {
            public void Subscribe(string[] filters) => hub.Hear($"> SUBSCRIBE {string.Join(' ', filters)}");

            public void Unsubscribe(string[] filters) => hub.Hear($"> UNSUBSCRIBE {string.Join(' ', filters)}");

            public void Publish(MqttPublish packet)
            {
                string topic = packet.Topic;
                int rid = topic.IndexOf("$rid=", StringComparison.Ordinal) + "$rid=".Length;
                if (topic.StartsWith("$iothub/twin/", StringComparison.Ordinal))
                {
                    // The device makes it up; a script cannot know it.
                    hub._rid = topic[rid..];
                    topic = topic[..rid] + "{rid}";
                }

                string payload = Encoding.UTF8.GetString(packet.Payload);
                if (hub.Hear($"> {topic}{(payload.Length > 0 ? " " : "")}{payload}"))
                {
                    link.Acknowledge(packet.PacketId, Latency);
                }
            }

            public void Disconnect() => hub.Hear("> DISCONNECT");

            public void Close()
            {
                if (hub._link == link)
                {
                    hub._link = null;
                }
            }
        }
    }
}
