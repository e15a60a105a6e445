using System.Text.Json.Nodes;
using nanoOta.Tool.Serving;

namespace nanoOta.Tool.DeviceUpdates
{
    /// <summary>What Device Update answers when it refuses, as a sentence that says what to do.</summary>
    internal static class DeviceUpdateFailure
    {
        /// <summary>A request that was refused.</summary>
        /// <param name="instance">What the instance is called.</param>
        /// <param name="status">The HTTP status.</param>
        /// <param name="answer">The body; null: it is no JSON object.</param>
        /// <param name="what">What was asked for: begins with a verb.</param>
        public static Failure For(string instance, int status, JsonObject? answer, string what)
        {
            // problem+json has a title; the specified form has an error with a code. A proxy in between has forms of its own.
            string said = $"{status} {string.Join(" > ", Codes(answer?["error"]).DefaultIfEmpty(JsonMember.Text(answer, "title") ?? ""))}".TrimEnd();
            return status switch
            {
                401 => new Failure(ExitCode.Denied, $"{instance} does not accept the sign-in ({said}). Sign in again with 'az login'.{Trace(answer)}"),
                403 => new Failure(ExitCode.Denied, $"{instance} does not let you {what} ({said}). To import, the role Device Update Content Administrator is needed; to deploy, Device Update Deployments Administrator; and the service itself needs IoT Hub Data Contributor on the hub.{Trace(answer)}"),
                404 => new Failure(ExitCode.NoTarget, $"{instance} cannot {what} ({said}). Check the names of account, instance and group; a group is there once a device has the tag ADUGroup.{Trace(answer)}"),
                409 => new Failure(ExitCode.Conflict, $"{instance} cannot {what} ({said}): it is there already.{Trace(answer)}"),
                429 => new Failure(ExitCode.Throttled, $"{instance} throttles ({said}): 6 deployments a minute are allowed. Run the command again in a minute.{Trace(answer)}"),
                >= 500 => new Failure(ExitCode.Unreachable, $"{instance} failed to {what} ({said}). Run the command again in five minutes.{Trace(answer)}"),
                _ => new Failure(ExitCode.Usage, $"{instance} refuses to {what} ({said}): {JsonMember.Text(answer, "error", "message") ?? "no reason is given"}{Trace(answer)}"),
            };
        }

        /// <summary>An import that ended, and not well.</summary>
        /// <param name="instance">What the instance is called.</param>
        /// <param name="status">The import's status: Failed, or one that the service's specification does not have.</param>
        /// <param name="operation">The import's state.</param>
        public static Failure OfImport(string instance, string status, JsonObject operation)
        {
            string codes = string.Join(" > ", Codes(operation["error"]));
            string ended = status == "Failed" ? "does not take the update" : $"ended the import with status {DeviceReport.Printable(status)}";
            return new Failure(ExitCode.Refused, $"{instance} {ended}: {Reason(operation["error"])}. {Advice(codes)}{Trace(operation)}");
        }

        /// <summary>The codes of an error, its message when it has none, or that there is neither.</summary>
        public static string Reason(JsonNode? error)
        {
            string codes = string.Join(" > ", Codes(error));
            return codes.Length > 0 ? codes : (JsonMember.Text(error, "message") ?? "no reason is given").TrimEnd('.');
        }

        /// <summary>The codes of an error, from the outside in: it has "innererror" outside, "innerError" inside.</summary>
        public static IEnumerable<string> Codes(JsonNode? error)
        {
            for (int depth = 0; depth < 8 && error is JsonObject json; depth++)
            {
                if (JsonMember.Text(json, "code") is { } code)
                {
                    yield return code;
                }

                error = json["innererror"] ?? json["innerError"];
            }
        }

        private static string Advice(string codes)
        {
            return codes.Contains("Compatibility", StringComparison.Ordinal) ? "One set of compatibility properties serves one provider and name: use the same name, or other properties."
                : codes.Contains("Limit", StringComparison.Ordinal) ? "Delete updates that are not needed any more."
                : codes.Contains("CannotDownload", StringComparison.Ordinal) ? "The service reads the files by their URLs: the signature must last 4 hours and more, and the container must be open to it."
                : codes.Contains("Malware", StringComparison.Ordinal) ? "The service's scanner holds the file back: wait, or ask Microsoft's support." : "Check the import manifest: nanoota adu check.";
        }

        /// <summary>The id by which the service's support finds a request; empty when there is none.</summary>
        public static string Trace(JsonObject? answer) => JsonMember.Text(answer, "traceId") is { } trace ? $" Trace id {trace}." : "";
    }
}
