using System.Reflection;
using System.Runtime.ExceptionServices;

namespace nanoOta.Tests.Devices
{
    /// <summary>Stands before a channel, a source or a store, and calls a handler before each call, which may throw.</summary>
    public class Faulty<T> : DispatchProxy
        where T : class
    {
        private T _inner = null!;
        private Action<string> _hit = null!;

        /// <summary>Puts itself before the real one.</summary>
        public static T Around(T inner, Action<string> hit)
        {
            T proxy = Create<T, Faulty<T>>();
            var faulty = (Faulty<T>)(object)proxy;
            faulty._inner = inner;
            faulty._hit = hit;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? method, object?[]? args)
        {
            _hit($"{typeof(T).Name}.{method!.Name}");
            try
            {
                return method.Invoke(_inner, args);
            }
            catch (TargetInvocationException e)
            {
                ExceptionDispatchInfo.Throw(e.InnerException!);
                throw;
            }
        }
    }

    /// <summary>Stands before a module likewise.</summary>
    internal sealed class FaultyModule(UpdateModule inner, Action<string> hit) : UpdateModule
    {
        public static UpdateModule Around(UpdateModule inner, Action<string> hit)
        {
            return new FaultyModule(inner, hit);
        }

        public override bool Handles(string id) => Hit(nameof(Handles)).Handles(id);

        public override string VersionOf(string id) => Hit(nameof(VersionOf)).VersionOf(id);

        public override void GetStatus(ModuleStatus status) => Hit(nameof(GetStatus)).GetStatus(status);

        public override ResultCode Check(ManifestComponent component) => Hit(nameof(Check)).Check(component);

        public override bool MayHold(ManifestComponent component) => Hit(nameof(MayHold)).MayHold(component);

        public override ResultCode ReadActive(ManifestComponent component, int offset, byte[] buffer, int count) => Hit(nameof(ReadActive)).ReadActive(component, offset, buffer, count);

        public override ResultCode Prepare(ManifestComponent component, int offset) => Hit(nameof(Prepare)).Prepare(component, offset);

        public override ResultCode Write(byte[] buffer, int count) => Hit(nameof(Write)).Write(buffer, count);

        public override ResultCode Finish() => Hit(nameof(Finish)).Finish();

        public override ResultCode Read(ManifestComponent component, int offset, byte[] buffer, int count) => Hit(nameof(Read)).Read(component, offset, buffer, count);

        // As it is at first, by way of Read.
        public override ResultCode Hash(ManifestComponent component, int offset, int count, IHasher hasher, byte[] state, byte[] buffer)
        {
            Hit(nameof(Hash));
            return base.Hash(component, offset, count, hasher, state, buffer);
        }

        public override ResultCode Verify(UpdateManifest manifest, byte[] buffer) => Hit(nameof(Verify)).Verify(manifest, buffer);

        public override ResultCode Activate(UpdateManifest manifest, byte[] digest) => Hit(nameof(Activate)).Activate(manifest, digest);

        public override ResultCode Reboot() => Hit(nameof(Reboot)).Reboot();

        public override string Describe() => Hit(nameof(Describe)).Describe();

        public override ResultCode Confirm() => Hit(nameof(Confirm)).Confirm();

        public override ResultCode Revert(ResultCode reason) => Hit(nameof(Revert)).Revert(reason);

        public override bool NeedsReboot() => Hit(nameof(NeedsReboot)).NeedsReboot();

        public override void Close() => Hit(nameof(Close)).Close();

        private UpdateModule Hit(string name)
        {
            hit($"{nameof(UpdateModule)}.{name}");
            return inner;
        }
    }
}
