namespace Rave.Server.Contracts;

internal enum OperationType
{
    Put,
    Del,
    Check,
}
