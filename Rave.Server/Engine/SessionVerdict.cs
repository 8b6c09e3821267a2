namespace Rave.Server.Engine;

internal enum SessionVerdict
{
    Apply,

    // Nothing is applied. The answer is that of the first time.
    AppliedBefore,

    // Nothing is applied. Another attempt of the same clear has made progress since this chunk was filled.
    Superseded,
}
