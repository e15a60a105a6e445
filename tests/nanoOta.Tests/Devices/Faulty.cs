using System.Reflection;
using System.Runtime.ExceptionServices;

namespace nanoOta.Tests.Devices
{
    /// <summary>Stands before a channel, a source, a store or a module and is told of each call, so that it may throw.</summary>
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
}
