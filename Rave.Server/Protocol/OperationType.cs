namespace Rave.Server.Protocol;

internal enum OperationType
{
    Put,
    Delete,
    Check,

    // A key of a get-many, in the binary form: its value is wanted, or only whether there is one.
    Get,
    Has,
}
