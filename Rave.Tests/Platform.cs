// Signals, umasks and unix sockets: these tests are for Linux (and, mostly, macOS).
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
