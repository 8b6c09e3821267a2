namespace Rave.Client.Lanes;

// Elsewhere than on the caller or on the lane: both may have more to do.
internal static class Yielded
{
    internal static async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> work)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return await work().ConfigureAwait(false);
    }
}
