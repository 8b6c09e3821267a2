using System.Net;
using System.Text;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

public sealed class StreamMemoryTests
{
    private const int ValueBytes = 4000;

    // 200 MB, or 1 GB with RAVE_CHAOS=1, which takes a minute more.
    private static readonly int Entries = Machine.RunsLong ? 250_000 : 50_000;

    [Fact]
    public async Task Hundreds_of_megabytes_are_loaded_and_read_while_the_memory_hardly_grows()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        // Fills the memory that has a fixed size: LevelDB's cache and write buffers, pools, the first generation.
        await RoundTripAsync(leader, 10_000, () => { });
        long before = leader.Process.PrivateMemory();
        long most = before;
        await RoundTripAsync(leader, Entries, () => most = Math.Max(most, leader.Process.PrivateMemory()));
        TestContext.Current.SendDiagnosticMessage("{0} MB in and out: grew from {1} to {2} MB", Entries * ValueBytes / 1_000_000,
            before >> 20, most >> 20);
        (most - before).ShouldBeLessThan(100 << 20);
    }

    private static async Task RoundTripAsync(LiveLeader leader, int entries, Action observe)
    {
        using (HttpResponseMessage loaded = await leader.Http.PostAsync("/v1/entries", new GeneratedLines(entries, observe)))
        {
            (await loaded.Content.ReadAsStringAsync()).ShouldBe($$"""{"written":{{entries}}}""");
        }

        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/entries") { Headers = { { "Accept", "application/x-ndjson" } } };
        using HttpResponseMessage response = await leader.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        (await CountAsync(await response.Content.ReadAsStreamAsync(), observe))
            .ShouldBe((entries, (long)entries * GeneratedLines.Line(0).Length));
    }

    private static async Task<(int Lines, long Bytes)> CountAsync(Stream stream, Action observe)
    {
        int lines = 0;
        long bytes = 0;
        byte[] buffer = new byte[1 << 20];
        int read;
        while ((read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false)) > 0)
        {
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
            bytes += read;
            observe();
        }

        return (lines, bytes);
    }

    private sealed class GeneratedLines : HttpContent
    {
        private readonly int _entries;
        private readonly Action _observe;

        internal GeneratedLines(int entries, Action observe)
        {
            _entries = entries;
            _observe = observe;
            Headers.ContentType = new("application/x-ndjson");
        }

        internal static byte[] Line(int i) =>
            Encoding.ASCII.GetBytes($$"""{"key":"{{i:d8}}","value":"{{new string((char)('a' + (i % 26)), ValueBytes)}}"}""" + "\n");

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (int i = 0; i < _entries; i++)
            {
                await stream.WriteAsync(Line(i));
                if (i % 500 == 0)
                {
                    _observe();
                }
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
