namespace Rave.Tests.Harness;

// What some tests need and not every machine has.
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
