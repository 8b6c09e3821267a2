namespace Rave.Server.Protocol;

internal enum OperationType
{
    Put,
    Delete,
    Check,

    // Keys of a get-many, in the binary form: read the value, or only whether there is one.
    Get,
    Has,
}
