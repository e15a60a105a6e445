using System.Text;
using nanoOta.Tool;

Console.OutputEncoding = Encoding.UTF8;
return CommandLine.Run(args, Console.Out, Console.Error, terminal: !Console.IsOutputRedirected);
