namespace NanoOtaApp
{
    internal static class Certificates
    {
        // The root certificate of your update server's chain. This one signs nothing: put your own here. "nanoota serve --tls" prints
        // where the certificate of its test CA lies.
        internal const string Root =
            "-----BEGIN CERTIFICATE-----\n" +
            "MIIBqzCCAVGgAwIBAgIUQSj8PAKFPzZ2fHXJOTLDrqbL1zEwCgYIKoZIzj0EAwIw\n" +
            "KjEoMCYGA1UEAwwfRXhhbXBsZSByb290LCBwdXQgeW91ciBvd24gaGVyZTAgFw0y\n" +
            "NjExMjAxMzM1NTVaGA8yMTI2MTAyNzEzMzU1NVowKjEoMCYGA1UEAwwfRXhhbXBs\n" +
            "ZSByb290LCBwdXQgeW91ciBvd24gaGVyZTBZMBMGByqGSM49AgEGCCqGSM49AwEH\n" +
            "A0IABMmWh0mLE8+1ZfKk/iqLdRUexenvu0dxAgswfQkExsZD8nhDPcmJkPOd0iXx\n" +
            "wq+ghupWNIx27C7wAN7x5Ujza0ejUzBRMB0GA1UdDgQWBBTDiB6IF85VK0RXcLmN\n" +
            "duJnKWLrnTAfBgNVHSMEGDAWgBTDiB6IF85VK0RXcLmNduJnKWLrnTAPBgNVHRMB\n" +
            "Af8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIDX1uNWiLXTCdRBAfkMA5sWTMknJ\n" +
            "zsOzjB3c+jdH4WorAiEAxCRd1FVm5e2CTXUtq3pqdKWcsTD6XxZEv6mZbuc365Y=\n" +
            "-----END CERTIFICATE-----\n";
    }
}
