using System.Text.Json;
using System.Text.Json.Nodes;
using nanoOta.Tests.Signing;
using nanoOta.Tool.DeviceUpdates;

namespace nanoOta.Tests.DeviceUpdates
{
    /// <summary>Each rule of the public import-manifest schema, broken and kept by a manifest made for it; the rules stand in a file of vectors.</summary>
    public sealed class ImportManifestSchemaTests
    {
        private const string Hash = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

        private const string Sample = $$$"""
            {"$schema":"s","updateId":{"provider":"Contoso","name":"Washer","version":"1.1.0"},"description":"d","compatibility":[{"manufacturer":"Contoso"}],
            "instructions":{"steps":[{"type":"inline","description":"d","handler":"nanoota/image:1","files":["a.bin"],"handlerProperties":{"a":1}},
            {"type":"reference","description":"d","updateId":{"provider":"Contoso","name":"Motor","version":"1.0"}}]},
            "files":[{"filename":"a.bin","sizeInBytes":5,"hashes":{"sha256":"{{{Hash}}}"},"properties":{"a":1},
            "relatedFiles":[{"filename":"b.bin","sizeInBytes":5,"hashes":{"sha256":"{{{Hash}}}"},"properties":{"a":1}}],"downloadHandler":{"id":"microsoft/delta:1"}}],
            "manifestVersion":"5.0","createdDateTime":"2026-11-20T12:00:00Z"}
            """;

        private static readonly string[] _anyType = ["null", "true", "5", "\"text\"", "[]", "{}"];

        public static TheoryData<string, string, string> Rows => [.. Lines.Select(line => line.Split(" | ")).Select(cells => (cells[0], cells[1], cells[2]))];

        private static IEnumerable<string> Lines => File.ReadLines(TestFiles.PathOf("adu", "import-manifest-schema.txt")).Where(line => line.Length > 0 && line[0] != '#');

        [Fact]
        public void The_sample_has_every_member_of_the_schema_and_is_right()
        {
            Assert.Empty(Faults(Root()));
            string[] paths = [.. Paths(Root(), "").Where(path => path != "/files/0/properties/a" && !path.EndsWith("Properties/a") && !path.EndsWith("properties/a"))];
            Assert.Equal(paths.Order(StringComparer.Ordinal), Lines.Select(line => line.Split(" | ")[0]).Distinct().Order(StringComparer.Ordinal));
        }

        [Theory]
        [MemberData(nameof(Rows))]
        public void A_rule_of_the_schema_is_kept(string path, string rule, string value)
        {
            switch (rule)
            {
                case "type":
                    foreach (string other in path == "/" ? [] : _anyType.Where(text => TypeOf(text) != value))
                    {
                        Refused(root => Set(root, path, JsonNode.Parse(other)), $"{other} instead");
                    }

                    break;
                case "required":
                    Refused(root => ((JsonObject)At(root, path)!).Remove(value), "left out");
                    break;
                case "optional":
                    Taken(root => ((JsonObject)At(root, path)!).Remove(value), "left out");
                    break;
                case "additional":
                    Additional(path, value);
                    break;
                case "minLength":
                    Refused(root => SetText(root, path, Text(path, int.Parse(value) - 1)), "shorter");
                    Taken(root => SetText(root, path, Text(path, int.Parse(value))), "as short as can be");
                    break;
                case "maxLength":
                    Refused(root => SetText(root, path, Text(path, int.Parse(value) + 1)), "longer");
                    Taken(root => SetText(root, path, Text(path, int.Parse(value))), "as long as can be");
                    break;
                case "minItems":
                    Taken(root => Resize(root, path, int.Parse(value)), "as few as can be");
                    if (value != "0")
                    {
                        Refused(root => Resize(root, path, int.Parse(value) - 1), "fewer");
                    }

                    break;
                case "maxItems":
                    Taken(root => Resize(root, path, int.Parse(value)), "as many as can be");
                    Refused(root => Resize(root, path, int.Parse(value) + 1), "more");
                    break;
                case "minProperties":
                    Refused(root => ((JsonObject)At(root, path)!).Clear(), "fewer");
                    break;
                case "maxProperties":
                    Taken(root => Fill((JsonObject)At(root, path)!, int.Parse(value)), "as many as can be");
                    Refused(root => Fill((JsonObject)At(root, path)!, int.Parse(value) + 1), "more");
                    break;
                case "good" or "bad":
                    foreach (JsonNode? each in JsonNode.Parse(value)!.AsArray())
                    {
                        Action<JsonObject> change = root => Set(root, path, each!.DeepClone());
                        if (rule == "good")
                        {
                            Taken(change, each!.ToJsonString());
                        }
                        else
                        {
                            Refused(change, each!.ToJsonString());
                        }
                    }

                    break;
                default:
                    Assert.Fail($"unknown rule {rule}");
                    break;
            }
        }

        [Fact]
        public void A_length_is_counted_in_characters_and_not_in_halves_of_them()
        {
            string wide = string.Concat(Enumerable.Repeat("\U0001F600", 512));
            Taken(root => root["description"] = wide, "512 characters beyond the basic plane");
            Refused(root => root["description"] = wide + "a", "513 characters");
        }

        [Fact]
        public void Files_may_be_empty_or_left_out_when_no_step_names_one()
        {
            Taken(root => OnlyReference(root)["files"] = new JsonArray(), "empty");
            Taken(root => OnlyReference(root).Remove("files"), "left out");
            Refused(root => OnlyReference(root)["files"] = null, "null");
        }

        [Fact]
        public void All_files_together_have_2_GiB_at_the_most()
        {
            Taken(root => root["files"]!.AsArray().Add(JsonNode.Parse($$$"""{"filename":"c.bin","sizeInBytes":2147483643,"hashes":{"sha256":"{{{Hash}}}"}}""")), "2 GiB");
            Refused(root => root["files"]!.AsArray().Add(JsonNode.Parse($$$"""{"filename":"c.bin","sizeInBytes":2147483644,"hashes":{"sha256":"{{{Hash}}}"}}""")), "one byte more");
        }

        [Fact]
        public void A_file_has_its_name_for_itself_and_a_step_names_one_that_is_there()
        {
            Refused(root => root["files"]!.AsArray().Add(root["files"]![0]!.DeepClone()), "twice");
            Refused(root => root["instructions"]!["steps"]![0]!["files"]![0] = "c.bin", "another");
        }

        private static void Additional(string path, string value)
        {
            Action<JsonObject, JsonNode?> add = (root, node) => ((JsonObject)At(root, path)!)["extra"] = node;
            foreach (string text in _anyType)
            {
                if (value == "any" || value == TypeOf(text))
                {
                    Taken(root => add(root, JsonNode.Parse(text)), $"with {text}");
                }
                else
                {
                    Refused(root => add(root, JsonNode.Parse(text)), $"with {text}");
                }
            }
        }

        private static void Refused(Action<JsonObject> change, string what)
        {
            JsonObject root = Root();
            change(root);
            IReadOnlyList<string> faults = Faults(root);
            Assert.True(faults.Count > 0, $"taken: {what}");
            Assert.All(faults, fault => Assert.EndsWith(".", fault));
        }

        private static void Taken(Action<JsonObject> change, string what)
        {
            JsonObject root = Root();
            change(root);
            Assert.True(Faults(root).Count == 0, $"refused: {what}: {string.Join(" ", Faults(root))}");
        }

        // As from a file, where numbers keep their spelling.
        private static IReadOnlyList<string> Faults(JsonObject root) => ImportManifestCheck.Run(JsonNode.Parse(root.ToJsonString())!.AsObject(), out _);

        private static JsonObject Root() => JsonNode.Parse(Sample)!.AsObject();

        private static JsonObject OnlyReference(JsonObject root)
        {
            root["instructions"]!["steps"]!.AsArray().RemoveAt(0);
            return root;
        }

        private static IEnumerable<string> Paths(JsonNode? node, string path)
        {
            IEnumerable<(string Name, JsonNode? Value)> inner = node switch
            {
                JsonObject members => members.Select(member => (member.Key, member.Value)),
                JsonArray items => items.Select((item, i) => ($"{i}", item)),
                _ => [],
            };
            return inner.SelectMany(entry => Paths(entry.Value, $"{path}/{entry.Name}")).Prepend(path.Length == 0 ? "/" : path);
        }

        private static JsonNode? At(JsonNode? node, string path)
        {
            foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                node = node is JsonArray items ? items[int.Parse(name)] : node![name];
            }

            return node;
        }

        private static void Set(JsonObject root, string path, JsonNode? value)
        {
            string name = path[(path.LastIndexOf('/') + 1)..];
            JsonNode parent = At(root, path[..^name.Length])!;
            if (parent is JsonArray items)
            {
                items[int.Parse(name)] = value;
            }
            else
            {
                parent[name] = value;
            }
        }

        // A file and the step that names it keep to each other.
        private static void SetText(JsonObject root, string path, string text)
        {
            Set(root, path, text);
            if (path is "/files/0/filename" or "/instructions/steps/0/files/0")
            {
                Set(root, "/files/0/filename", text);
                Set(root, "/instructions/steps/0/files/0", text);
            }
        }

        private static string Text(string path, int length)
        {
            bool isHandler = path.EndsWith("/handler") || path.EndsWith("/id");
            return isHandler ? length < 5 ? "a/:1" : $"a/{new string('b', length - 4)}:1" : new string('a', length);
        }

        private static void Resize(JsonObject root, string path, int count)
        {
            var items = (JsonArray)At(root, path)!;
            JsonNode first = items[0]!.DeepClone();
            while (items.Count > count)
            {
                items.RemoveAt(items.Count - 1);
            }

            for (int i = items.Count; i < count; i++)
            {
                items.Add(first.DeepClone());
                if (path == "/files")
                {
                    items[^1]!["filename"] = $"{i}.bin";
                }
            }
        }

        private static void Fill(JsonObject members, int count)
        {
            for (int i = members.Count; i < count; i++)
            {
                members[$"m{i}"] = "text";
            }
        }

        private static string TypeOf(string json)
        {
            return JsonNode.Parse(json)?.GetValueKind() switch
            {
                JsonValueKind.String => "string",
                JsonValueKind.Number => "number",
                JsonValueKind.Array => "array",
                JsonValueKind.Object => "object",
                JsonValueKind.True => "boolean",
                _ => "null",
            };
        }
    }
}
