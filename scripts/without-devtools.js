/** Ink asks for React's developer tools, which are not installed, where DEV says so: it never does. */
export const withoutDevtools = {
  name: 'without-devtools',
  setup(build) {
    build.onResolve({ filter: /^react-devtools-core$/ }, () => ({
      path: 'react-devtools-core',
      namespace: 'without-devtools',
    }))
    build.onLoad({ filter: /.*/, namespace: 'without-devtools' }, () => ({
      contents: 'export default undefined',
    }))
  },
}
