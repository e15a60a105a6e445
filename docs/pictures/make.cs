// Makes the pictures of the documents from text: dotnet run docs/pictures/make.cs. With --check it compares instead of writing.
//
// A picture is a text file beside this one. Its lines are "title: ...", "says: ..." (for who cannot see it), and rows of cells between
// bars. "head:" is a row of captions, "row:" one of boxes with a name in front, "flow:" the same with arrows from box to box, "note:" a
// line of text. "boxes:" is a row without a name, and "arrow: A > B, C" goes from one of its boxes to others, or with "below" to all in the
// rows below. In a cell "/" begins a second, smaller line; "[run]", "[try]", "[bad]" colour it, "[none]" leaves it blank, and "<" makes
// the box before it wider.
using System.Runtime.CompilerServices;
using System.Security;
using System.Text;

const int NameWidth = 120, CellGap = 14, RowHeight = 62, RowGap = 14, BoxHeight = 44, BoxGap = 34, Width = 880;

string folder = Path.GetDirectoryName(Here())!;
bool check = args is ["--check"];
int different = 0;
foreach (string file in Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal))
{
    string picture = Draw(File.ReadAllLines(file), Path.GetFileName(file)), target = Path.ChangeExtension(file, ".svg");
    bool same = File.Exists(target) && File.ReadAllText(target).ReplaceLineEndings("\n") == picture;
    if (!same && check)
    {
        Console.Error.WriteLine($"{Path.GetFileName(target)} is not what its text says. Run: dotnet run docs/pictures/make.cs");
        different++;
    }
    else if (!same)
    {
        File.WriteAllText(target, picture);
    }
}

return different == 0 ? 0 : 1;

static string Here([CallerFilePath] string path = "") => path;

static string Draw(string[] lines, string file)
{
    string title = "", says = "";
    var body = new StringBuilder();
    int y = 12;
    var boxes = new Dictionary<string, (int X, int Y, int Width)>();
    foreach (string line in lines.Where(line => line.Length > 0))
    {
        int colon = line.IndexOf(':');
        string kind = line[..colon], rest = line[(colon + 1)..].Trim();
        switch (kind)
        {
            case "title": title = rest; break;
            case "says": says = rest; break;
            case "note":
                body.Append($"  <text x=\"10\" y=\"{y + 14}\" class=\"dim\">{Escape(rest)}</text>\n");
                y += 24;
                break;
            case "head" or "row" or "flow":
                y += Row(body, kind, rest.Split('|', StringSplitOptions.TrimEntries), y);
                break;
            case "boxes":
                Boxes(body, rest.Split('|', StringSplitOptions.TrimEntries), y, boxes);
                y += BoxHeight + BoxGap;
                break;
            case "arrow":
                Arrow(body, rest, boxes);
                break;
            default: throw new InvalidDataException($"{file}: '{kind}' is no kind of line.");
        }
    }

    return $$"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{Width}} {{y}}" role="img" aria-labelledby="title desc" font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="14">
          <title id="title">{{Escape(title)}}</title>
          <desc id="desc">{{Escape(says)}}</desc>
          <style>
            text { fill: #1f2328; }
            .dim { fill: #59636e; font-size: 12px; }
            .box { fill: #f6f8fa; stroke: #818b98; stroke-width: 1.5; }
            .run { fill: #dafbe1; stroke: #1a7f37; stroke-width: 1.5; }
            .try { fill: #fff8c5; stroke: #9a6700; stroke-width: 1.5; }
            .bad { fill: #ffebe9; stroke: #cf222e; stroke-width: 1.5; }
            .line { fill: none; stroke: #59636e; stroke-width: 1.5; }
            .tip { fill: #59636e; }
            @media (prefers-color-scheme: dark) {
              text { fill: #f0f6fc; }
              .dim { fill: #9198a1; }
              .box { fill: #212830; stroke: #9198a1; }
              .run { fill: #12391f; stroke: #3fb950; }
              .try { fill: #3d2f08; stroke: #d29922; }
              .bad { fill: #3c1618; stroke: #f85149; }
              .line { stroke: #9198a1; }
              .tip { fill: #9198a1; }
            }
          </style>

        {{body}}</svg>

        """.ReplaceLineEndings("\n");
}

// Returns how much room it took.
static int Row(StringBuilder body, string kind, string[] cells, int y)
{
    int count = cells.Length - 1, width = (Width - NameWidth - 10) / count;
    bool head = kind == "head";
    if (cells[0].Length > 0)
    {
        Text(body, cells[0], 10, y, head ? 20 : RowHeight, "start");
    }

    for (int i = 1; i < cells.Length; i++)
    {
        int span = 1;
        while (i + span < cells.Length && cells[i + span] == "<")
        {
            span++;
        }

        int x = NameWidth + ((i - 1) * width), w = (width * span) - CellGap;
        string look = new[] { "run", "try", "bad", "none" }.FirstOrDefault(name => cells[i].EndsWith($"[{name}]", StringComparison.Ordinal)) ?? "box";
        string text = look == "box" ? cells[i] : cells[i][..^(look.Length + 2)].Trim();
        if (!head && look != "none")
        {
            body.Append($"  <rect class=\"{look}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{RowHeight}\" rx=\"6\"/>\n");
        }

        if (text.Split('/', StringSplitOptions.TrimEntries) is var parts && (parts[0].Length * 7.4 > w || parts.Skip(1).Any(part => part.Length * 6.2 > w)))
        {
            throw new InvalidDataException($"'{text}' is too long for its box.");
        }

        Text(body, text, x + (w / 2), y, head ? 20 : RowHeight, "middle");
        if (kind == "flow" && i > 1 && look != "none")
        {
            int middle = y + (RowHeight / 2);
            body.Append($"  <path class=\"line\" d=\"M{x - CellGap} {middle}H{x - 6}\"/><path class=\"tip\" d=\"M{x - 7} {middle - 4}l7 4-7 4z\"/>\n");
        }

        i += span - 1;
    }

    return head ? 26 : RowHeight + RowGap;
}

static void Boxes(StringBuilder body, string[] cells, int y, Dictionary<string, (int X, int Y, int Width)> boxes)
{
    int width = (Width - 10) / cells.Length;
    for (int i = 0; i < cells.Length; i++)
    {
        int at = i;
        while (i + 1 < cells.Length && cells[i + 1] == "<")
        {
            i++;
        }

        if (cells[at] != "[none]")
        {
            int x = 8 + (at * width), w = ((i - at + 1) * width) - 8;
            body.Append($"  <rect class=\"box\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{BoxHeight}\" rx=\"6\"/>\n");
            body.Append("  <g font-size=\"12\">\n");
            Text(body, cells[at], x + (w / 2), y, BoxHeight, "middle");
            body.Append("  </g>\n");
            boxes.Add(string.Concat(cells[at].Split('/', StringSplitOptions.TrimEntries)), (x, y, w));
        }
    }
}

// Straight down where the box below is that wide, to its middle otherwise; sideways within a row.
static void Arrow(StringBuilder body, string text, Dictionary<string, (int X, int Y, int Width)> boxes)
{
    string[] ends = text.Split('>', StringSplitOptions.TrimEntries);
    (int X, int Y, int Width) from = boxes[ends[0]];
    int middle = from.X + (from.Width / 2), bottom = from.Y + BoxHeight;
    foreach (string name in ends[1].Split(',', StringSplitOptions.TrimEntries))
    {
        if (name == "below")
        {
            body.Append($"  <path class=\"line\" d=\"M{middle} {bottom}V{bottom + 14}M8 {bottom + 20}V{bottom + 14}H{Width - 10}V{bottom + 20}\"/>\n");
            continue;
        }

        (int X, int Y, int Width) to = boxes[name];
        if (to.Y == from.Y)
        {
            int y = from.Y + (BoxHeight / 2), start = from.X + from.Width;
            body.Append($"  <path class=\"line\" d=\"M{start} {y}H{to.X - 6}\"/><path class=\"tip\" d=\"M{to.X - 7} {y - 4}l7 4-7 4z\"/>\n");
            continue;
        }

        int x = middle > to.X && middle < to.X + to.Width ? middle : to.X + (to.Width / 2);
        body.Append($"  <path class=\"line\" d=\"M{middle} {bottom}L{x} {to.Y - 6}\"/><path class=\"tip\" d=\"M{x - 4} {to.Y - 7}l4 7 4-7z\"/>\n");
    }
}

static void Text(StringBuilder body, string text, int x, int y, int height, string anchor)
{
    string[] lines = text.Split('/', StringSplitOptions.TrimEntries);
    int first = y + (height / 2) + 5 - ((lines.Length - 1) * 8);
    for (int i = 0; i < lines.Length; i++)
    {
        body.Append($"  <text x=\"{x}\" y=\"{first + (i * 17)}\" text-anchor=\"{anchor}\"{(i > 0 ? " class=\"dim\"" : "")}>{Escape(lines[i])}</text>\n");
    }
}

static string Escape(string text) => SecurityElement.Escape(text)!;
