using System.Net;
using System.Text.Json;
using Rave.Server.Contracts;
using Rave.Server.Storage;

namespace Rave.Client.Failover;

internal sealed partial class Remote
{
    internal Task<long> ApproximateSizeAsync(KeyRange range, CancellationToken cancellationToken) => SendAsync(
        token => api.ApproximateSizeAsync(Key(range.Start), Key(range.End), KeysInUrls, token),
        async (response, token) =>
        {
            byte[] answer = await response.Content.ReadAsByteArrayAsync(token).ConfigureAwait(false);
            return JsonSerializer.Deserialize(answer, RaveJson.Default.SizeAnswer)!.Bytes;
        },
        cancellationToken);

    internal Task CompactAsync(KeyRange range, CancellationToken cancellationToken) => SendAsync(
        token => api.CompactAsync(Empty(), Key(range.Start), Key(range.End), KeysInUrls, token), cancellationToken);

    internal Task<string?> PropertyAsync(string name, CancellationToken cancellationToken) => SendAsync(
        token => api.PropertyAsync(Uri.EscapeDataString(name), token),
        async (response, token) => response.StatusCode == HttpStatusCode.NotFound ? null : await response.Content.ReadAsStringAsync(token).ConfigureAwait(false),
        cancellationToken,
        HttpStatusCode.NotFound);
}
