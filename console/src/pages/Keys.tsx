import { PlusOutlined } from '@ant-design/icons';
import { App, Alert, Button, Empty, Form, Input, Modal, Popconfirm, Select, Table, Tag } from 'antd';
import { useState } from 'react';

import type { ApiKey } from '../api/answers';
import { useCreateKey, useKeys, useRevokeKey } from '../api/queries';
import { useFormats, useMarket } from '../app/market';
import { useTexts } from '../i18n';
import { Command } from '../parts/Command';
import { PageHead } from '../parts/PageHead';
import { ProblemNote } from '../parts/ProblemNote';
import { Waiting } from '../parts/Waiting';

const roles = [
  'sender', 'engineer', 'auditor', 'reviewer', 'rule_editor', 'platform_operator', 'merchant', 'streamer', 'desk', 'provider', 'buyer',
] as const;

interface NewKey {
  party: string;
  roles: string[];
  label: string;
}

export default function Keys() {
  const { t, word } = useTexts();
  const { market } = useMarket();
  const formats = useFormats();
  const { message } = App.useApp();
  const asked = useKeys(market);
  const revoke = useRevokeKey(market);
  const [making, setMaking] = useState(false);
  const drop = (id: string) => revoke.mutate(id, { onError: (error) => void message.error(error.message) });
  return (
    <>
      <PageHead title={t('keys.title')} sub={t('keys.sub')}>
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>{t('keys.new')}</Button>
      </PageHead>
      {asked.error ? (
        <ProblemNote problem={asked.error} retry={() => void asked.refetch()} />
      ) : asked.isPending ? (
        <Waiting />
      ) : (
        <section className="panel" data-testid="keys">
          <Table<ApiKey>
            size="small"
            rowKey="id"
            dataSource={asked.data.items}
            pagination={false}
            scroll={{ x: 'max-content' }}
            locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('empty.keys')} /> }}
            columns={[
              { title: t('keys.label'), dataIndex: 'label', render: (label: string) => <span data-user-content>{label || '–'}</span> },
              { title: t('keys.party'), dataIndex: 'party', render: (party: string) => <span data-user-content>{party}</span> },
              { title: t('keys.roles'), dataIndex: 'roles', render: (own: string[]) => own.map((role) => <Tag key={role}>{word('role', role) ?? role}</Tag>) },
              { title: t('keys.created'), dataIndex: 'created', render: (at: string) => formats.time(at) },
              { title: t('metrics.id'), dataIndex: 'id', render: (id: string) => <code className="soft" data-user-content>{id}</code> },
              {
                key: 'act',
                align: 'right',
                render: (_, key) => (
                  <Popconfirm title={t('keys.revoke.sure')} okText={t('keys.revoke')} okButtonProps={{ danger: true }} onConfirm={() => drop(key.id)}>
                    <Button size="small" danger>{t('keys.revoke')}</Button>
                  </Popconfirm>
                ),
              },
            ]}
          />
        </section>
      )}
      {making && <MakeKey onClose={() => setMaking(false)} />}
    </>
  );
}

function MakeKey({ onClose }: { onClose(): void }) {
  const { t } = useTexts();
  const { market } = useMarket();
  const create = useCreateKey(market);
  const [form] = Form.useForm<NewKey>();
  const made = create.data;
  if (made) {
    const base = `${window.location.origin}/v1/markets/${market}`;
    const trial = made.key.roles.includes('sender')
      ? `curl -H "Authorization: Bearer ${made.secret}" -H "Content-Type: application/x-ndjson" --data-binary @facts.jsonl ${base}/facts`
      : `curl -H "Authorization: Bearer ${made.secret}" ${base}/metrics/gmv`;
    return (
      <Modal open title={t('keys.made')} onCancel={onClose} mask={{ closable: false }} footer={<Button type="primary" onClick={onClose}>{t('keys.made.kept')}</Button>}>
        <div className="stack">
          <Alert type="warning" showIcon title={t('keys.made.once')} />
          <Command text={made.secret} />
          <div><p className="soft small">{t('keys.made.try')}</p><Command text={trial} /></div>
        </div>
      </Modal>
    );
  }
  return (
    <Modal open title={t('keys.new')} onCancel={onClose} okText={t('keys.create')} confirmLoading={create.isPending} onOk={() => form.submit()}>
      {create.error && <ProblemNote problem={create.error} />}
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ roles: ['sender'], label: '' }} onFinish={(key) => create.mutate(key)}>
        <Form.Item name="party" label={t('keys.party')} extra={t('keys.party.hint')} rules={[{ required: true, whitespace: true, message: t('keys.required') }]}>
          <Input autoFocus maxLength={128} />
        </Form.Item>
        <Form.Item name="roles" label={t('keys.roles')} rules={[{ required: true, message: t('keys.required') }]}>
          <Select mode="multiple" options={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))} />
        </Form.Item>
        <Form.Item name="label" label={t('keys.label')}>
          <Input maxLength={200} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
