import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = process.env.LAOTIE_SERVER ?? 'http://127.0.0.1:8181';

export default defineConfig({
  base: '/',
  plugins: [react()],
  server: { proxy: { '/v1': server, '/docs': server, '/openapi.json': server, '/problems': server } },
  build: {
    target: 'es2022',
    // Ant Design alone passes Vite's default; the console is served from beside its users.
    chunkSizeWarningLimit: 1400,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'charts', test: /node_modules[\\/](echarts|zrender)[\\/]/ },
            { name: 'widgets', test: /node_modules[\\/](antd|@ant-design|@rc-component|dayjs)[\\/]/ },
          ],
        },
      },
    },
  },
});
