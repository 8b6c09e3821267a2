using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Rave.Client;
using Rave.Client.Failover;
using Rave.Server.Election;
using Rave.Server.Location;
using Rave.Tests.Harness;

namespace Rave.Tests.Leadership;

// Listens to all diagnostics of the process, so no other test may run at the same time.
[CollectionDefinition(DisableParallelization = true)]
public sealed class AloneInTheProcess;

// An embedded leader does not disturb the program around it.
[Collection<AloneInTheProcess>]
public sealed class GuestTests
{
    private static readonly string[] NamesOfTheHost = ["Microsoft.AspNetCore", "System.Net.Http", "HttpHandlerDiagnosticListener"];

    [Fact]
    public async Task No_TCP_port_is_open_even_if_the_environment_names_one()
    {
        using TempDirectory directory = new();
        await using ChildProcess server = ChildProcess.Start(ChildProcess.ServerPath, [directory["db"]], start =>
        {
            start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
            start.Environment["URLS"] = "http://127.0.0.1:0";
            start.Environment["DOTNET_URLS"] = "http://127.0.0.1:0";
            start.Environment["HTTP_PORTS"] = "0";
            start.Environment["ASPNETCORE_HTTP_PORTS"] = "0";
            start.Environment["Kestrel__Endpoints__X__Url"] = "http://127.0.0.1:0";
        });
        (await server.ReadLineAsync()).ShouldBe($"leader {directory["db/rave.sock"]}");
        ListeningTcpSockets(server.Id).ShouldBeEmpty();
    }

    [Fact]
    public void The_search_for_TCP_ports_finds_one()
    {
        using System.Net.Sockets.TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        ListeningTcpSockets(Environment.ProcessId).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Metrics_spans_and_diagnostic_events_of_the_web_host_stay_out_of_its_program()
    {
        ConcurrentBag<string> recorded = [];
        using MeterListener meters = Meters(recorded);
        using ActivityListener activities = Activities(recorded);
        using IDisposable events = DiagnosticListener.AllListeners.Subscribe(new Each<DiagnosticListener>(listener =>
            listener.Subscribe(new Each<KeyValuePair<string, object?>>(@event => Hear(recorded, listener.Name, @event.Key)))));

        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        await using (await Embedded.LeadAsync(location))
        {
            (await RawHttp.SendAsync(location.SocketPath, "GET", "/healthz")).Status.ShouldBe(200);
            (await RawHttp.SendAsync(location.SocketPath, "GET", "/nowhere")).Status.ShouldBe(404);
            using LeaderWatch? watch =
                await LeaderWatch.TryConnectAsync(location, TimeProvider.System, TestContext.Current.CancellationToken);
            watch.ShouldNotBeNull();
        }

        recorded.Where(what => NamesOfTheHost.Any(name => what.StartsWith(name, StringComparison.Ordinal))).ShouldBeEmpty();
        recorded.ShouldContain(what => what.StartsWith("RaveLevel.Host", StringComparison.Ordinal), "the listeners do listen");
    }

    [Fact]
    public async Task Signal_handlers_and_the_console_are_left_to_the_program()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        string before = CaughtSignals();
        await using Leader leader = await Embedded.LeadAsync(location);
        CaughtSignals().ShouldBe(before);
    }

    [Fact]
    public async Task No_task_of_a_campaign_fails_unobserved()
    {
        Collect();
        ConcurrentBag<string> unobserved = [];
        void Note(object? sender, UnobservedTaskExceptionEventArgs failure) => unobserved.Add(failure.Exception.ToString());
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            await OpenAndFailAsync();
            Collect();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        unobserved.ShouldBeEmpty();
    }

    // Every way in which a campaign does not become the leader: a permanent failure, a timeout, and closing while a caller waits for a
    // leader.
    private static async Task OpenAndFailAsync()
    {
        using TempDirectory directory = new();
        File.WriteAllText(directory["rave.sock"], "no socket");
        using DatabaseLocation location = DatabaseLocation.Resolve(directory.Path, create: false);
        await using (Campaign hopeless = new(location, new(), Embedded.OpenOrCreate))
        {
            await Should.ThrowAsync<RaveException>(
                hopeless.OpenAsync(location, new() { OpenTimeout = Waiting.Patience }, TimeProvider.System.GetTimestamp(),
                CancellationToken.None));
        }

        using DatabaseLocation nobodys = DatabaseLocation.Resolve(directory["db"], create: true);
        await using Campaign follower = new(nobodys, new() { CanLead = false }, Embedded.OpenOrCreate);
        await Should.ThrowAsync<RaveException>(
            follower.OpenAsync(nobodys, new() { OpenTimeout = TimeSpan.FromMilliseconds(50) }, TimeProvider.System.GetTimestamp(),
            CancellationToken.None));
        Task<Reign> waiting = follower.ReignAsync(CancellationToken.None).AsTask();
        await follower.DisposeAsync();
        await Should.ThrowAsync<RaveException>(waiting);
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private static string CaughtSignals() =>
        File.ReadLines("/proc/self/status").Single(line => line.StartsWith("SigCgt:", StringComparison.Ordinal));

    private static void Hear(ConcurrentBag<string> recorded, string source, string what) => recorded.Add($"{source}: {what}");

    private static MeterListener Meters(ConcurrentBag<string> recorded)
    {
        MeterListener listener = new() { InstrumentPublished = (instrument, own) => own.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<long>((instrument, _, _, _) => Hear(recorded, instrument.Meter.Name, instrument.Name));
        listener.SetMeasurementEventCallback<int>((instrument, _, _, _) => Hear(recorded, instrument.Meter.Name, instrument.Name));
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => Hear(recorded, instrument.Meter.Name, instrument.Name));
        listener.Start();
        return listener;
    }

    private static ActivityListener Activities(ConcurrentBag<string> recorded)
    {
        ActivityListener listener = new()
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = activity => Hear(recorded, activity.Source.Name, activity.OperationName),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    // Inodes of the TCP sockets on which a process listens: those of its network (/proc/net/tcp, state 0A) that are its own.
    private static List<string> ListeningTcpSockets(int process)
    {
        HashSet<string> own = [.. Directory.GetFiles($"/proc/{process}/fd").Select(TargetOf)];
        return
        [
            .. ((string[])["tcp", "tcp6"])
                .Select(kind => $"/proc/{process.ToString(CultureInfo.InvariantCulture)}/net/{kind}")
                .Where(File.Exists)
                .SelectMany(File.ReadLines)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(columns => columns[3] == "0A")
                .Select(columns => columns[9])
                .Where(inode => own.Contains($"socket:[{inode}]")),
        ];
    }

    private static string TargetOf(string descriptor)
    {
        try
        {
            return File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.Name ?? "";
        }
        catch (FileNotFoundException)
        {
            // Closed since it was listed: it is none that listens.
            return "";
        }
    }

    private sealed class Each<T>(Action<T> next) : IObserver<T>
    {
        public void OnNext(T value) => next(value);

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
