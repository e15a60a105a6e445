extern alias StandIns;

// The device's types by names of their own, beside .NET's.
global using DeviceCertificate = StandIns::System.Security.Cryptography.X509Certificates.X509Certificate;
global using DeviceCertificate2 = StandIns::System.Security.Cryptography.X509Certificates.X509Certificate2;
global using DeviceDirectory = StandIns::System.IO.Directory;
global using DeviceDirectoryInfo = StandIns::System.IO.DirectoryInfo;
global using DeviceDriveInfo = StandIns::System.IO.DriveInfo;
global using DeviceDriveType = StandIns::System.IO.DriveType;
global using DeviceEnvironment = StandIns::System.Environment;
global using DeviceFile = StandIns::System.IO.File;
global using DeviceFileInfo = StandIns::System.IO.FileInfo;
global using DeviceFileStream = StandIns::System.IO.FileStream;
global using DeviceGC = StandIns::nanoFramework.Runtime.Native.GC;
global using DeviceHttpRequest = StandIns::System.Net.HttpWebRequest;
global using DeviceHttpResponse = StandIns::System.Net.HttpWebResponse;
global using DevicePath = StandIns::System.IO.Path;
global using DevicePower = StandIns::nanoFramework.Runtime.Native.Power;
global using DeviceRebootOption = StandIns::nanoFramework.Runtime.Native.RebootOption;
global using DeviceRtc = StandIns::nanoFramework.Runtime.Native.Rtc;
global using DeviceSocketException = StandIns::System.Net.Sockets.SocketException;
global using DeviceSslProtocols = StandIns::System.Net.Security.SslProtocols;
global using DeviceSslVerification = StandIns::System.Net.Security.SslVerification;
global using DeviceSystemInfo = StandIns::nanoFramework.Runtime.Native.SystemInfo;
global using DeviceUri = StandIns::System.Uri;
global using DeviceWebException = StandIns::System.Net.WebException;
global using DeviceWebHeaders = StandIns::System.Net.WebHeaderCollection;
global using DeviceWebRequest = StandIns::System.Net.WebRequest;
global using StandIns::nanoOta.StandIns;
