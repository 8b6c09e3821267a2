namespace Rave.Server.Engine;

internal enum SessionVerdict
{
    GoesAhead,

    // Nothing is applied, and the outcome is that of the first time.
    AppliedBefore,

    // Nothing is applied: another attempt of the same clear has come further since this chunk was filled.
    MovedOn,
}
