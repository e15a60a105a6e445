using System.Text;

namespace nanoOta.Tests.Download
{
    /// <summary>
    /// Makes the honest server's answers and the faulty ones, and says which result codes are right for each fault: taken from what the
    /// codes are documented to mean, and not from the code under test.
    /// </summary>
    internal sealed class AnswerMaker(FaultPlan plan, UpdateFiles files)
    {
        /// <summary>What marks the way of a redirect: such requests belong to the one before.</summary>
        public const string Hop = "hop=";

        private const string LoginPage = "<html><head><title>Welcome</title></head><body><form>Accept our terms</form></body></html>";

        private int _answers;

        /// <summary>Whether the last answer was a fault, and not the honest server's own way.</summary>
        public bool IsFault { get; private set; }

        /// <summary>Whether the last answer brought other bytes than the update's.</summary>
        public bool IsPoisoned { get; private set; }

        /// <summary>What the last answer asked for, in seconds.</summary>
        public int RetryAfter { get; private set; }

        public Answer Make(string path, int from, Fault fault, out ResultCode[] expected)
        {
            bool isImage = path.Contains(".bin", StringComparison.Ordinal);
            byte[] file = isImage ? files.Image : files.Manifest;
            IsFault = true;
            IsPoisoned = false;
            RetryAfter = 0;
            _answers++;
            int hop = path.IndexOf(Hop, StringComparison.Ordinal);
            int hops = hop < 0 ? 0 : int.Parse(path.AsSpan(hop + Hop.Length));
            expected = [];
            if (hops > 0)
            {
                return Redirect(path, hops - 1, form: path.Contains("form=", StringComparison.Ordinal) ? path[path.IndexOf("form=", StringComparison.Ordinal) + 5] - '0' : 0);
            }

            ResultCode badDocument = isImage ? ResultCode.SizeMismatch : ResultCode.ManifestMalformed;
            switch (fault.Kind)
            {
                case FaultKind.NoAnswer:
                    expected = [ResultCode.TimedOut];
                    return new Answer { CutHead = 0, End = End.Silence };
                case FaultKind.ResetBeforeHead:
                    expected = [ResultCode.Unreachable];
                    return new Answer { CutHead = 0, End = End.Reset };
                case FaultKind.CutHead:
                    expected = [ResultCode.Unreachable, ResultCode.BadResponse];
                    return Head(file, from, new Answer { CutHead = fault.A % 120 }, plan.Framing == Framing.Http10 ? Framing.Length : plan.Framing);
                case FaultKind.Garbage:
                    expected = [ResultCode.BadResponse, ResultCode.Unreachable];
                    return new Answer().Line(fault.A % 2 == 0 ? "220 mail.example ESMTP" : "\u0016\u0003\u0001").Unframed([1, 2, 3]);
                case FaultKind.LongLine:
                    expected = [ResultCode.BadResponse];
                    return Head(file, from, new Answer(), plan.Framing, "X-Trace: " + new string('a', 4000 + fault.A));
                case FaultKind.ManyHeaders:
                    expected = [ResultCode.BadResponse];
                    return Head(file, from, new Answer(), plan.Framing, string.Join("\r\n", Enumerable.Range(0, 17).Select(i => $"X-{i}: {new string('a', 1000 + (fault.A % 2000))}")));
                case FaultKind.LengthTwice:
                    expected = [ResultCode.BadResponse];
                    return new Answer().Line(Answer.StatusLine(200)).Length($"{file.Length}, {file.Length}").Body(file, Framing.Length);
                case FaultKind.LengthNoNumber:
                    expected = [ResultCode.BadResponse];
                    return new Answer().Line(Answer.StatusLine(200)).Length((fault.A % 3) switch { 0 => "-1", 1 => "all", _ => "99999999999" }).Body(file, Framing.Length);
                case FaultKind.NoFraming:
                    expected = [ResultCode.BadResponse];
                    return new Answer().Line(Answer.StatusLine(200)).Unframed(file);
                case FaultKind.Status:
                    expected = [CodeOf(fault.A, from)];
                    return Short(fault.A, fault.B == 0 ? "" : LoginPage);
                case FaultKind.StatusWithRetryAfter:
                    expected = [ResultCode.ServerBusy];
                    RetryAfter = Math.Max(0, fault.B);
                    return new Answer().Line(Answer.StatusLine(fault.A)).Line("Retry-After: " + (fault.B < 0 ? "Wed, 21 Oct 2026 07:28:00 GMT" : fault.B)).Body([], Framing.Length);
                case FaultKind.EmptyBody:
                    expected = [badDocument];
                    return Short(200, "");
                case FaultKind.LoginPage:
                    expected = [files.Image.Length == LoginPage.Length && isImage ? ResultCode.HashMismatch : badDocument];
                    return Short(200, LoginPage);
                case FaultKind.LoginPageInChunks:
                    IsPoisoned = isImage;
                    expected = isImage ? [ResultCode.ConnectionLost, ResultCode.SizeMismatch] : [badDocument];
                    return new Answer().Line(Answer.StatusLine(200)).Body(Encoding.ASCII.GetBytes(LoginPage), Framing.Chunks);
                case FaultKind.Truncated:
                case FaultKind.TruncatedSilence:
                case FaultKind.TruncatedReset:
                case FaultKind.TruncatedInChunks:
                    return Truncated(file, from, fault, isImage, out expected);
                case FaultKind.TooLong:
                    expected = isImage ? [ResultCode.SizeMismatch] : [ResultCode.ManifestMalformed, ResultCode.ManifestTooLarge];
                    return new Answer().Line(Answer.StatusLine(200)).Body([.. file, .. new byte[1 + fault.A]], Framing.Length);
                case FaultKind.TooLongWithoutLength:
                    IsPoisoned = isImage;
                    expected = isImage ? [ResultCode.SizeMismatch] : [ResultCode.ManifestMalformed, ResultCode.ManifestTooLarge];
                    Framing framing = (fault.B % 3) switch { 0 => Framing.Chunks, 1 => Framing.Http10, _ => Framing.ConnectionClose };
                    return new Answer().Line(Answer.StatusLine(200, framing)).Body([.. file, .. new byte[1 + fault.A]], framing);
                case FaultKind.OtherFile:
                    IsPoisoned = isImage;
                    expected = isImage ? [ResultCode.HashMismatch] : [ResultCode.ManifestVersionMismatch];
                    return Body(isImage ? files.OtherImage(fault.A) : files.OtherManifest, from, plan.Framing);
                case FaultKind.OtherFileTruncated:
                    IsPoisoned = isImage;
                    expected = [ResultCode.ConnectionLost];
                    return Truncated(isImage ? files.OtherImage(0) : file, from, fault with { Kind = FaultKind.Truncated }, isImage, out expected);
                case FaultKind.OtherManifest when !isImage:
                    IsPoisoned = true;
                    expected = [ResultCode.HashMismatch, ResultCode.SizeMismatch];
                    return Body(files.ManifestOfOtherImage(fault.A % 2 == 0), from, plan.Framing);
                case FaultKind.Trickle when file.Length - from > 100:
                    expected = [ResultCode.TooSlow];
                    return Head(file, from, new Answer { IsTrickle = true }, Framing.Length);
                case FaultKind.RangeIgnored when from > 0:
                    return Body(file, 0, plan.Framing);
                case FaultKind.RangeRefused when from > 0:
                    expected = [CodeOf(fault.A, from)];
                    return Short(fault.A, "");
                case FaultKind.WrongStart:
                    expected = [ResultCode.RangeMismatch];
                    return Partial(file, Math.Min(from + 1, file.Length), $"bytes {from + 1}-{file.Length - 1}/{file.Length}");
                case FaultKind.NoContentRange:
                    expected = [ResultCode.RangeMismatch];
                    return Partial(file, from, null);
                case FaultKind.OtherUnit:
                    expected = [ResultCode.RangeMismatch];
                    return Partial(file, from, $"items {from}-{file.Length - 1}/{file.Length}");
                case FaultKind.WrongTotal:
                    expected = isImage ? [ResultCode.SizeMismatch] : [ResultCode.ConnectionLost, ResultCode.ManifestTooLarge];
                    return Partial(file, from, $"bytes {from}-{file.Length - 1}/{file.Length + 1 + fault.A}");
                case FaultKind.Capped:
                    return Capped(file, from, 1 + (fault.A % 5000), out expected);
                case FaultKind.Redirect:
                    return Redirect(path, fault.A - 1, fault.B);
                case FaultKind.TooManyRedirects:
                    expected = [ResultCode.TooManyRedirects];
                    return Redirect(path, fault.A - 1, fault.B);
                case FaultKind.RedirectToOtherHost:
                    expected = [ResultCode.RedirectRefused];
                    return Moved((fault.A % 4) switch { 0 => "https://login.example/?from=files", 1 => "//login.example/a", 2 => "https://files.example.evil.example/", _ => "https://files.example:444/a" });
                case FaultKind.RedirectToHttp:
                    expected = [ResultCode.RedirectRefused];
                    return Moved("http://files.example/a");
                case FaultKind.RedirectNowhere:
                    expected = [ResultCode.RedirectRefused];
                    return fault.A % 2 == 0 ? Short(302, "") : Moved("https:///");
                case FaultKind.RedirectTooLong:
                    expected = [fault.A % 2 == 0 ? ResultCode.RedirectTooLong : ResultCode.BadResponse];
                    return Moved("/a?sig=" + new string('a', fault.A % 2 == 0 ? 2048 : 4000));
                default:
                    IsFault = false;
                    return Honest(file, from, out expected);
            }
        }

        // What docs say of each status. Servers without ranges answer a request for one by 400, 405, 416 or 501.
        private static ResultCode CodeOf(int status, int from)
        {
            return status switch
            {
                400 or 405 or 416 or 501 when from > 0 => ResultCode.RangeMismatch,
                404 or 410 => ResultCode.NotFound,
                408 => ResultCode.TimedOut,
                425 or 429 or 503 => ResultCode.ServerBusy,
                >= 400 and < 500 => ResultCode.AccessDenied,
                _ => ResultCode.ServerError,
            };
        }

        private Answer Honest(byte[] file, int from, out ResultCode[] expected)
        {
            expected = [];
            if (from >= file.Length)
            {
                expected = [CodeOf(416, from)];
                return Short(416, "");
            }

            switch (from > 0 ? plan.Ranges : Ranges.Served)
            {
                case Ranges.Ignored:
                    return Body(file, 0, plan.Framing);
                case Ranges.Refused:
                    expected = [CodeOf(plan.RangeNumber, from)];
                    return Short(plan.RangeNumber, "");
                case Ranges.Capped:
                    return Capped(file, from, plan.RangeNumber, out expected);
                default:
                    return Body(file, from, plan.Framing);
            }
        }

        private Answer Body(byte[] file, int from, Framing framing) => Head(file, from, new Answer(), framing);

        private Answer Head(byte[] file, int from, Answer answer, Framing framing, string? more = null)
        {
            from = Math.Min(from, file.Length - 1);
            answer.Line(Answer.StatusLine(from > 0 ? 206 : 200, framing));
            if (Tag() is { } tag)
            {
                answer.Line(tag);
            }

            if (more != null)
            {
                answer.Line(more);
            }

            if (from > 0)
            {
                answer.Line($"Content-Range: {(plan.Ranges == Ranges.ServedInCapitals ? "Bytes" : "bytes")} {from}-{file.Length - 1}/{file.Length}");
            }

            return answer.Body(file[from..], framing);
        }

        private string? Tag()
        {
            return plan.Validator switch
            {
                Validator.Strong => "ETag: \"a\"",
                Validator.Weak => "ETag: W/\"a\"",
                Validator.OtherEachTime => $"ETag: \"{_answers}\"",
                Validator.WeakThenStrong => _answers < 3 ? "ETag: W/\"a\"" : "ETag: \"a\"",
                Validator.LastModified => "Last-Modified: Thu, 01 Jan 1970 00:00:01 GMT",
                Validator.LastModifiedIsNow => $"Last-Modified: Mon, 01 Dec 2025 10:00:{_answers % 60:00} GMT",
                _ => null,
            };
        }

        private static Answer Short(int status, string body)
        {
            return new Answer().Line(Answer.StatusLine(status)).Body(Encoding.ASCII.GetBytes(body), Framing.Length);
        }

        private static Answer Partial(byte[] file, int from, string? range)
        {
            Answer answer = new Answer().Line(Answer.StatusLine(206));
            return (range == null ? answer : answer.Line("Content-Range: " + range)).Body(file[from..], Framing.Length);
        }

        private static Answer Capped(byte[] file, int from, int cap, out ResultCode[] expected)
        {
            int end = Math.Min(file.Length, from + cap);
            expected = end < file.Length ? [ResultCode.ConnectionLost] : [];
            return new Answer().Line(Answer.StatusLine(206)).Line($"Content-Range: bytes {from}-{end - 1}/{file.Length}").Body(file[from..end], Framing.Length);
        }

        private Answer Truncated(byte[] file, int from, Fault fault, bool isImage, out ResultCode[] expected)
        {
            from = Math.Min(from, file.Length - 1);
            Framing framing = fault.Kind == FaultKind.TruncatedInChunks ? Framing.Chunks : fault.A % 2 == 0 ? Framing.Length : plan.Framing;
            int cut = fault.B % (file.Length - from);
            End end = fault.Kind switch { FaultKind.TruncatedSilence => End.Silence, FaultKind.TruncatedReset => End.Reset, _ => End.Close };
            expected = end == End.Silence ? [ResultCode.TimedOut] : framing != Framing.Length && end != End.Reset && !isImage ? [ResultCode.ConnectionLost, ResultCode.ManifestMalformed, ResultCode.SchemaUnknown] : [ResultCode.ConnectionLost];
            return Head(file, from, new Answer { CutBody = cut, End = end }, framing);
        }

        private static Answer Redirect(string path, int hops, int form)
        {
            string name = path.Contains(".bin", StringComparison.Ordinal) ? "v1_1_0.bin" : "v1_1_0.json";
            string query = $"?form={form}&{Hop}{hops}";
            return Moved(form switch
            {
                0 => $"https://{FaultyNetwork.Host}:443/moved/{name}{query}",
                1 => $"//{FaultyNetwork.Host}/moved/{name}{query}",
                2 => query,
                3 => $"/moved/{name}{query}#top",
                4 => $"../moved/./{name}{query}",
                _ => name + query,
            });
        }

        private static Answer Moved(string location)
        {
            return new Answer().Line(Answer.StatusLine(302)).Line("Location: " + location).Body([], Framing.Length);
        }
    }
}
