namespace Rave.Tests.Harness;

// Things that some tests need and not every machine has.
public enum Need
{
    Linux,
    Glibc,
    FullDevice,
    FileModes,
    IPv6,
    Root,
    Setpriv,
    Curl,
    Script,
    Gcc,
    Node,
    Go,
    Nginx,
    Chromium,
    LongRun,
}
