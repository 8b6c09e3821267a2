using Grpc.Core;
using Rave.Etcd.Wire;

namespace Rave.Etcd.Cluster;

// The token of a user, which goes with every call. It ends when it is not used for some minutes, and with its member.
internal sealed class UserToken(EtcdOptions options)
{
    private volatile string? _token;

    internal bool IsNeeded => options.User is not null && _token is null;

    internal Metadata Headers
    {
        get
        {
            Metadata headers = [];
            if (_token is { } token)
            {
                headers.Add("token", token);
            }

            return headers;
        }
    }

    internal async Task RequestAsync(Endpoint endpoint, DateTime deadline, CancellationToken cancellationToken)
    {
        AuthenticateRequest request = new() { Name = options.User, Password = options.Password ?? "" };
        CallOptions call = new(deadline: deadline, cancellationToken: cancellationToken);
        AuthenticateResponse response = await endpoint.Auth.AuthenticateAsync(request, call)
            .ResponseAsync.ConfigureAwait(false);
        _token = response.Token;
    }

    internal void Drop() => _token = null;
}
