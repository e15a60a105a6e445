// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Collections;
using System.Text;
using System.Threading;
using nanoFramework.Azure.Devices.Client;
using nanoFramework.Azure.Devices.Shared;

namespace nanoOta.Conversations
{
    /// <summary>
    /// Plays a conversation: does what the application does (?), and writes down what the hub saw and did (&gt; &lt; -), what the
    /// client told (!) and what the call returned (=). What was written down is the script itself, if all is as expected.
    /// </summary>
    public sealed class ConversationRunner
    {
        private const int SettleMilliseconds = 1000;

        private readonly IConversationWorld _world;
        private readonly StringBuilder _transcript = new StringBuilder();
        private readonly ArrayList _told = new ArrayList();
        private DeviceClient _client;
        private Twin _twin;

        /// <summary>Makes a runner for one conversation.</summary>
        public ConversationRunner(IConversationWorld world)
        {
            _world = world;
            New();
        }

        /// <summary>Plays it.</summary>
        /// <param name="script">The text; blank lines and lines that start with # are skipped.</param>
        /// <returns>What happened, line by line, each with a line feed at its end.</returns>
        public string Play(string script)
        {
            string[] lines = script.Split('\n');
            int at = 0;
            while (at < lines.Length)
            {
                string call = lines[at++].TrimEnd('\r');
                if (call.Length == 0 || call[0] != '?')
                {
                    continue;
                }

                ArrayList part = new ArrayList();
                for (; at < lines.Length && !lines[at].StartsWith("?"); at++)
                {
                    string line = lines[at].TrimEnd('\r');
                    if (line.Length > 0 && (line[0] == '>' || line[0] == '<' || line[0] == '-'))
                    {
                        part.Add(line);
                    }
                }

                Step(call, (string[])part.ToArray(typeof(string)));
            }

            return _transcript.ToString();
        }

        private void Step(string call, string[] part)
        {
            _world.Expect(part);
            string result;
            try
            {
                result = Call(call.Substring(2).Split(' '));
            }
            catch (Exception e)
            {
                result = e.GetType().Name;
            }

            _world.Pass(SettleMilliseconds);
            Write(call);
            foreach (string line in _world.TakeTraffic())
            {
                Write(line);
            }

            lock (_told)
            {
                foreach (string line in _told)
                {
                    Write(line);
                }

                _told.Clear();
            }

            if (result.Length > 0)
            {
                Write("= " + result);
            }
        }

        private string Call(string[] words)
        {
            switch (words[0])
            {
                case "new":
                    New();
                    return "";
                case "open":
                    return Word(_client.Open());
                case "close":
                    _client.Close();
                    return "done";
                case "dispose":
                    _client.Dispose();
                    return "done";
                case "wait":
                    _world.Pass(int.Parse(words[1]));
                    return "";
                case "twin":
                    _twin = _client.GetTwin(Token(words[1]));
                    return _twin == null ? "null" : "desired " + Describe(_twin.Properties.Desired) + ", reported " + Describe(_twin.Properties.Reported);
                case "value":
                    object value = _twin.Properties.Desired[words[1]];
                    return value == null ? "null" : value is DateTime ? "DateTime" : value.GetType().Name + " " + value;
                case "report":
                    TwinCollection report = new TwinCollection();
                    report.Add(words[2], words[3]);
                    return Word(_client.UpdateReportedProperties(report, Token(words[1])));
                case "patches":
                    _client.TwinUpdated += OnPatch;
                    return "";
                case "methods":
                    _client.AddMethodCallback(echo);
                    _client.AddMethodCallback(fail);
                    return "";
                default:
                    return "not understood";
            }
        }

        private void New()
        {
            _client = _world.NewClient();
            _client.StatusUpdated += OnStatus;
        }

        private static CancellationToken Token(string milliseconds)
        {
            return milliseconds == "-" ? default(CancellationToken) : new CancellationTokenSource(int.Parse(milliseconds)).Token;
        }

        private static string Word(bool value)
        {
            return value ? "true" : "false";
        }

        private static string Describe(TwinCollection properties)
        {
            return properties.Count.ToString() + " version " + properties.Version.ToString();
        }

        private void OnPatch(object sender, TwinUpdateEventArgs e)
        {
            Tell("! patch " + Describe(e.Twin));
        }

        private void OnStatus(object sender, StatusUpdatedEventArgs e)
        {
            // An error's text is that of an exception, which nothing depends on.
            Status status = e.IoTHubStatus.Status;
            string message = status == Status.InternalError ? "" : e.IoTHubStatus.Message;
            Tell("! " + Name(status) + (message.Length > 0 ? " " + message : ""));
        }

        private void Tell(string line)
        {
            lock (_told)
            {
                _told.Add(line);
            }
        }

        private void Write(string line)
        {
            _transcript.Append(line).Append('\n');
        }

        // On the device an enum's ToString is its number.
        private static string Name(Status status)
        {
            switch (status)
            {
                case Status.Connected: return "Connected";
                case Status.Disconnected: return "Disconnected";
                case Status.TwinUpdated: return "TwinUpdated";
                case Status.TwinUpdateError: return "TwinUpdateError";
                case Status.TwinReceived: return "TwinReceived";
                case Status.TwinUpdateReceived: return "TwinUpdateReceived";
                case Status.InternalError: return "InternalError";
                case Status.MessageReceived: return "MessageReceived";
                case Status.DirectMethodCalled: return "DirectMethodCalled";
                default: return ((int)status).ToString();
            }
        }

        // Named as the direct methods they are.
        private static string echo(int rid, string payload)
        {
            return payload;
        }

        private static string fail(int rid, string payload)
        {
            throw new NotSupportedException();
        }
    }
}
